#include "sfp_images.h"

#include <string.h>

enum { A2 = 256 };

/** Numbers of two bytes from an offset on. */
struct words {
    size_t at;
    uint16_t word[8];
    size_t n;
};

static void put(uint8_t *bytes, size_t at, uint16_t value)
{
    bytes[at] = (uint8_t)(value >> 8);
    bytes[at + 1] = (uint8_t)value;
}

static void put_all(uint8_t *bytes, const struct words *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < rows[i].n; k++)
            put(bytes, rows[i].at + 2 * k, rows[i].word[k]);
}

static void seal(uint8_t *bytes, size_t from, size_t len)
{
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += bytes[from + i];
    bytes[from + len] = (uint8_t)sum;
}

static void put_text(uint8_t *bytes, size_t at, const char *text)
{
    for (size_t i = 0; i < 16; i++)
        bytes[at + i] = (uint8_t)(*text ? *text++ : ' ');
}

/* A0h of an SFP; @p monitoring is byte 92. */
static void make_base(uint8_t *bytes, uint8_t monitoring)
{
    bytes[0] = 0x03;
    put_text(bytes, 20, "FINISAR CORP.");
    put_text(bytes, 40, "FTLX1471D3BCL");
    seal(bytes, 0, 63);
    bytes[92] = monitoring;
    bytes[93] = 0x30; /* it monitors LOS and the laser's fault */
    seal(bytes, 64, 31);
}

/* 26.5 Cel, 3.2916 V, 12 mA, 0.5 mW = -3.0103 dBm out, 0.1 mW = -10 dBm in. */
static void make_healthy(uint8_t *bytes)
{
    static const struct words rows[] = {
        {A2 + 0, {0x4B00, 0xFB00, 0x4600, 0x0000}, 4}, /* 75, -5, 70, 0 Cel */
        {A2 + 8, {36000, 30000, 35000, 31000}, 4},     /* 3.6, 3.0, 3.5, 3.1 V */
        {A2 + 16, {42500, 1000, 40000, 2000}, 4},      /* 85, 2, 80, 4 mA */
        {A2 + 24, {20000, 1000, 15849, 1259}, 4},      /* +3.01, -10, +2, -9 dBm */
        {A2 + 32, {20000, 16, 10000, 32}, 4},          /* +3.01, -27.96, 0, -24.95 dBm */
        {A2 + 96, {0x1A80, 32916, 6000, 5000, 1000}, 5},
    };

    make_base(bytes, 0x68); /* implemented, internal, average power */
    put_all(bytes, rows, sizeof rows / sizeof *rows);
    seal(bytes, A2, 95);
}

/* The same light by another way: raw x slope / 256 + offset, and received power of raw 960 as
 * 2^-10 x raw^2 + 0.5 x raw - 380 = 1000. 23 Cel, 3.3 V, 10 mA, -3.0103 dBm, -10 dBm. */
static void make_external(uint8_t *bytes)
{
    static const struct words rows[] = {
        {A2 + 64, {0x3A80, 0x0000, 0x3F00, 0x0000, 0xC3BE, 0x0000}, 6}, /* 2^-10, 0.5, -380 */
        {A2 + 76, {0x0200, 0, 0x0080, 10, 0x0180, 0xFF00, 0x0100, 100}, 8},
        {A2 + 96, {4096, 32900, 2500, 9980, 960}, 5},
    };

    make_base(bytes, 0x58); /* implemented, external, average power */
    put_all(bytes, rows, sizeof rows / sizeof *rows);
    seal(bytes, A2, 95);
}

/* 30 Cel, 3.3 V; lanes in: -10, -12.2185 (600), -10, -10 dBm; bias 6, 7, 6, 6 mA; out -3.0103. */
static void make_qsfp(uint8_t *bytes)
{
    static const struct words rows[] = {
        {22, {0x1E00}, 1},
        {26, {33000}, 1},
        {34, {1000, 600, 1000, 1000}, 4},
        {42, {3000, 3500, 3000, 3000}, 4},
        {50, {5000, 5000, 5000, 5000}, 4},
        {512 + 0, {0x4B00, 0xFB00, 0x4600, 0x0000}, 4},
        {512 + 48, {20000, 16, 10000, 32}, 4},
    };

    bytes[0] = 0x11;
    put_text(bytes, 148, "ACME");
    put_text(bytes, 168, "Q28-LR4");
    bytes[220] = 0x0C; /* it measures what it sends; average power */
    put_all(bytes, rows, sizeof rows / sizeof *rows);
    seal(bytes, 128, 63);
}

/* 40 Cel, 3.3 V. */
static void make_cmis(uint8_t *bytes)
{
    bytes[0] = 0x18;
    put(bytes, 14, 0x2800);
    put(bytes, 16, 33000);
    put_text(bytes, 129, "ACME");
    put_text(bytes, 148, "DD400-DR4");
    seal(bytes, 128, 94);
}

size_t sfp_images_make(enum sfp_image which, uint8_t ret_bytes[SFP_IMAGES_MAX])
{
    static const size_t lengths[SFP_IMAGES] = {512, 512, 512, 512, 512, 640, 256};
    memset(ret_bytes, which == SFP_IMAGE_BLANK ? 0xFF : 0, SFP_IMAGES_MAX);
    if (which == SFP_IMAGE_HEALTHY || which == SFP_IMAGE_GARBAGE)
        make_healthy(ret_bytes);
    if (which == SFP_IMAGE_GARBAGE)
        ret_bytes[30] ^= 0x40;
    if (which == SFP_IMAGE_NONE)
        make_base(ret_bytes, 0);
    if (which == SFP_IMAGE_EXTERNAL)
        make_external(ret_bytes);
    if (which == SFP_IMAGE_QSFP)
        make_qsfp(ret_bytes);
    if (which == SFP_IMAGE_CMIS)
        make_cmis(ret_bytes);
    return lengths[which];
}

void sfp_images_set(uint8_t *bytes, size_t at, uint16_t value)
{
    put(bytes, at, value);
    seal(bytes, A2, 95);
}
