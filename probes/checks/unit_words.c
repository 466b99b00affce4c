#include "checks/unit_words.h"

const char *const unit_words[] = {
    "none", "V",  "A",   "W",   "Hz", "Cel", "%RH", "/",  "s",  "min", "count", "bit/s", "B/s",
    "1/s",  "dB", "dBm", "dBW", "m",  "Wh",  "Ah",  "mA", "mV", "kW",  "mbar",  "rpm",   "Mbit/s",
    "B",    "ms", "l",   "K",   "Pa", "lx",  "%EL", "m3", "kg", "lat", "lon",   NULL};

const char *unit_words_find(struct slice text)
{
    for (size_t i = 1; unit_words[i]; i++) {
        if (slice_is(text, unit_words[i]))
            return unit_words[i];
    }
    return NULL;
}
