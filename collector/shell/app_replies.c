#include "shell/app_own.h"

static bool is_settled(void *context)
{
    struct app *app = context;
    return app->keeper && !app->stopping && keeper_settled(app->keeper);
}

static void change(void *context)
{
    struct app *app = context;
    keeper_change(app->keeper);
}

static void audit(void *context, const struct audit_entry *entry)
{
    struct app *app = context;
    change_set_audit(keeper_set(app->keeper), entry);
}

static void on_taken(void *context, const char *device, uint32_t index)
{
    struct app *app = context;
    notify_taken(app->notify, device, index);
}

void app_replies_came(void *context, const char *device, const struct sms_message *message)
{
    struct app *app = context;
    if (app->replies)
        replies_came(app->replies, device, message);
}

int app_replies_open(struct app *app, const struct rules_file *file)
{
    struct replies_setup setup = {.loop = app->loop,
                                  .centre = app->centre,
                                  .pager = app->pager,
                                  .rota = &app->rota,
                                  .context = app,
                                  .settled = is_settled,
                                  .change = change,
                                  .audit = audit,
                                  .taken = on_taken};
    int err = replies_open(&setup, &app->replies);
    if (!err)
        replies_set(app->replies, file->dial_code, file->replies);
    return err;
}
