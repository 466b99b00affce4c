#include "shell/certificate.h"

#include "base/err.h"

#include <errno.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>

int certificate_days(const char *path, int *ret_days)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return err_from_errno(errno);
    int days = 0, seconds = 0;
    X509 *x = PEM_read_X509(file, NULL, NULL, NULL);
    int err =
        x && ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(x)) == 1 ? 0 : ERR_SYNTAX;
    X509_free(x);
    fclose(file);
    if (!err)
        *ret_days = seconds < 0 ? days - 1 : days;
    return err;
}
