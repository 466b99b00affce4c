#include "shell/http_role.h"

#define ROLE_WORD(name, word) word,
static const char *const WORDS[] = {HTTP_ROLE_MAP(ROLE_WORD)};
#undef ROLE_WORD

const char *http_role_word(int role)
{
    return role >= 0 && role < HTTP_ROLES ? WORDS[role] : "";
}

enum http_role http_role_of(struct slice word)
{
    int role = HTTP_ADMIN;
    while (role > HTTP_NOBODY && !slice_is(word, WORDS[role]))
        role--;
    return (enum http_role)role;
}
