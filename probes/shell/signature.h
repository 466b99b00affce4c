/**
 * @file
 * Signs a text with the probe's own key, so that whoever has its certificate can check who wrote
 * it: openssl dgst -sha256 -verify <(openssl x509 -in p1.crt -pubkey -noout) -signature SIG TEXT
 *
 * What is signed, and what it is worth, is the caller's.
 */
#ifndef SHELL_SIGNATURE_H
#define SHELL_SIGNATURE_H

#include "base/attr.h"
#include "base/slice.h"

/** Longest signature as base64, with its NUL: RSA of 4096 bits. */
#define SIGNATURE_TEXT_MAX 696

/** The signature of @p text (SHA-256) by the private key in the PEM file @p key_file, as base64: 0,
 * ERR_NOT_FOUND, ERR_DENIED, ERR_SYNTAX (no key) or ERR_LIBRARY. */
int signature_make(const char *key_file, struct slice text,
                   char ret_text[SIGNATURE_TEXT_MAX]) MUST_USE;

#endif
