#include "core/unit_eval.h"

static int place(enum cause cause)
{
    return cause == CAUSE_POWER ? -2 : cause == CAUSE_TRANSPORT ? -1 : (int)cause;
}

enum cause unit_cause(enum cause a, enum cause b)
{
    return place(a) <= place(b) ? a : b;
}

struct unit_voice unit_voice_new(void)
{
    return (struct unit_voice){.cause = CAUSE_NONE};
}

static void add_evidence(struct unit_voice *voice, enum role role, enum cause cause,
                         enum verdict verdict)
{
    bool required = role == ROLE_REQUIRED;
    uint8_t *worst = required ? &voice->required_worst : &voice->optional_worst;
    *(required ? &voice->required_evidence : &voice->optional_evidence) = true;
    if (*worst < verdict)
        *worst = (uint8_t)verdict;
    if (required && verdict == VERDICT_FAILED)
        voice->cause = unit_cause(voice->cause, cause);
}

void unit_voice_add(struct unit_voice *voice, enum role role, enum cause cause,
                    const struct check_saying *saying)
{
    if (role == ROLE_INFO || saying->status == CHECK_ABSENT)
        return;
    bool weak = saying->status == CHECK_SILENT || saying->status == CHECK_CANNOT;
    voice->spoken = true;
    voice->silent |= saying->status == CHECK_SILENT;
    voice->unheard |= saying->status == CHECK_UNHEARD;
    voice->awaiting |= saying->awaiting;
    voice->required |= role == ROLE_REQUIRED;
    voice->required_weak |= role == ROLE_REQUIRED && weak;
    if (saying->status == CHECK_EVIDENCE)
        add_evidence(voice, role, cause, saying->verdict);
}

struct unit_word unit_voice_word(const struct unit_voice *voice)
{
    static const enum unit_state states[] = {STATE_UP, STATE_DEGRADED, STATE_DOWN};
    struct unit_word word = {true, STATE_DEGRADED, CAUSE_NONE, false};
    if (voice->required_evidence) {
        word.state = states[voice->required_worst];
        if (word.state == STATE_UP && (voice->required_weak || voice->optional_worst))
            word.state = STATE_DEGRADED;
        if (word.state == STATE_DOWN)
            word.cause = voice->cause;
    } else if (!voice->optional_evidence) {
        word.speaks = false;
    } else if (!voice->required && voice->optional_worst == VERDICT_OK) {
        word.state = STATE_UP;
    }
    return word;
}

/* Up before degraded before down; the states' own numbers say worst first. */
static int goodness(const struct unit_word *word)
{
    return word->speaks ? 1 + (int)word->state : 0;
}

struct unit_word unit_best_word(struct unit_word a, struct unit_word b)
{
    if (goodness(&a) == goodness(&b)) {
        a.cause = a.state == STATE_DOWN ? unit_cause(a.cause, b.cause) : a.cause;
        a.told &= b.told;
    }
    return goodness(&a) >= goodness(&b) ? a : b;
}

bool unit_asks_parents(const struct unit_voice *own, const struct unit_word *word,
                       const struct unit_word *others)
{
    bool unheard_only = !own->silent && own->unheard;
    return own->spoken && !word->speaks && !others->speaks && !unheard_only;
}

static struct unit_word without_own(const struct unit_voice *own, const struct unit_word *others,
                                    enum cause out)
{
    if (!own->spoken && others->speaks)
        return *others;
    if (!own->spoken)
        return (struct unit_word){true, STATE_UNOBSERVED, CAUSE_UNKNOWN, false};
    if (others->speaks && others->state != STATE_DOWN)
        return (struct unit_word){true, STATE_UNOBSERVED, CAUSE_PROBE, false};
    if (others->speaks)
        return *others;
    if (out != CAUSE_NONE)
        return (struct unit_word){true, STATE_DOWN, out, false};
    if (own->silent)
        return (struct unit_word){true, STATE_SILENT, CAUSE_UNKNOWN, false};
    enum cause cause = own->unheard ? CAUSE_UNKNOWN : CAUSE_PROBE;
    return (struct unit_word){true, STATE_UNOBSERVED, cause, false};
}

struct unit_view unit_by_table(const struct unit_voice *own, const struct unit_word *word,
                               const struct unit_word *others, enum cause out)
{
    struct unit_word said = word->speaks ? *word : without_own(own, others, out);
    return (struct unit_view){
        .state = said.state,
        .beneath = said.state,
        .cause = said.cause,
        .beneath_cause = said.cause,
        .provenance = said.told ? PROVENANCE_OPERATOR : PROVENANCE_MEASURED,
        .awaiting = own->awaiting,
    };
}
