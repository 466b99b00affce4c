/* A modem on a pseudo-terminal for tests that are not in C: gsm_modem_driver LINK, orders on the
 * standard input, what it tells on the standard output. */
#include "gsm_modem.h"

#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc != 2)
        return 64;
    gsm_modem_live(argv[1], STDIN_FILENO, STDOUT_FILENO);
}
