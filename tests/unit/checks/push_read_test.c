/* What other programs push, as line protocol and as SenML: names, numbers, units; and what is not
 * taken. */
#include "checks/push/push_line.h"
#include "checks/push/push_senml.h"

#include "checks/push/push_table.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

struct heard {
    char text[1024];
};

static void on_item(void *arg, const struct push_item *item)
{
    struct heard *heard = arg;
    size_t len = strlen(heard->text);
    snprintf(heard->text + len, sizeof heard->text - len, "%s=%g%s ", item->name, item->number,
             item->unit ? item->unit : "");
}

struct message {
    const char *text, *want;
    unsigned refused, texts;
};

static void expect(const struct message *cases, size_t n,
                   struct push_count (*read)(struct slice, push_item_fn *, void *))
{
    for (size_t i = 0; i < n; i++) {
        struct heard heard = {""};
        struct push_count count = read(slice_of(cases[i].text), on_item, &heard);
        if (strcmp(heard.text, cases[i].want) != 0 || count.refused != cases[i].refused ||
            count.texts != cases[i].texts)
            fail_msg("%s: \"%s\", %u refused, %u texts", cases[i].text, heard.text, count.refused,
                     count.texts);
    }
}

static void lines_are_read(void **state)
{
    (void)state;
    static const struct message cases[] = {
        {"genset fuel=61", "genset.fuel=61 ", 0, 0},
        {"genset fuel=61,rpm=1500i,on=true 1795352400000000000\n",
         "genset.fuel=61 genset.rpm=1500 genset.on=1 ", 0, 0},
        {"genset,site=north,unit=a fuel=-1.5e1", "genset.north.a.fuel=-15 ", 0, 0},
        {"a x=1\r\n# comment\n\n  b y=2u\n", "a.x=1 b.y=2 ", 0, 0},
        {"my\\ app,host=a\\,b load\\ 1=0.5", "my_app.a_b.load_1=0.5 ", 0, 0},
        {"a s=\"x=1, y \\\" z\",n=3", "a.n=3 ", 0, 1},
        {"a x=1\nbroken\nb y=2", "a.x=1 b.y=2 ", 1, 0},
        {"a x=1,y=,z=3", "a.x=1 a.z=3 ", 1, 0},
        {"a x=abc", "", 1, 0},
        {"a x=NaN", "", 1, 0},
        {"a x=1e999", "", 1, 0},
        {"a s=\"never ends", "", 1, 1},
        {"a time=1", "a.time=1 ", 0, 0},
        {"_a x=1", "", 1, 0},
        {"a,t= x=1", "", 1, 0},
        {"", "", 0, 0},
    };
    expect(cases, sizeof cases / sizeof *cases, push_line_read);
}

static void senml_is_read(void **state)
{
    (void)state;
    static const struct message cases[] = {
        {"[{\"n\":\"fuel\",\"u\":\"l\",\"v\":61}]", "fuel=61l ", 0, 0},
        {"[{\"bn\":\"genset/\",\"bu\":\"V\",\"bv\":10,\"n\":\"a\",\"v\":1},{\"n\":\"b\",\"v\":2}]",
         "genset_a=11V genset_b=12V ", 0, 0},
        {"[{\"bn\":\"urn:dev:x\"},{\"n\":\":on\",\"vb\":true}]", "urn:dev:x:on=1 ", 0, 0},
        {"[{\"n\":\"t\",\"vs\":\"text\"},{\"n\":\"v\",\"v\":1,\"t\":-5}]", "v=1 ", 0, 1},
        {"[{\"n\":\"a\",\"u\":\"furlong\",\"v\":1}]", "a=1 ", 0, 0},
        {"[{\"n\":\"a\",\"v\":1,\"x_\":2},{\"n\":\"b\",\"v\":1}]", "b=1 ", 1, 0},
        {"[{\"n\":\"a\"},{\"v\":1},{\"n\":\"b\",\"v\":\"1\"},7]", "", 4, 0},
        {"[]", "", 0, 0},
        {"{\"n\":\"a\",\"v\":1}", "", 1, 0},
        {"[{\"n\":\"a\",\"v\":1}", "", 1, 0},
        {"[1,", "", 1, 0},
        {"[{\"n\":\"time\",\"v\":1}]", "", 1, 0},
    };
    expect(cases, sizeof cases / sizeof *cases, push_senml_read);
}

static void names_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    char line[300], name[PACK_PART_MAX + 1] = "";
    struct heard heard = {""};
    memset(line, 'a', sizeof line);
    memcpy(line + 61, " b=1", 5); /* 61 + 1 + 1 = 63 */
    assert_int_equal(push_line_read(slice_of(line), on_item, &heard).taken, 1);
    memset(line, 'a', sizeof line);
    memcpy(line + 63, " b=1", 5); /* 65 */
    assert_int_equal(push_line_read(slice_of(line), on_item, &heard).refused, 1);
    memset(line, 'a', sizeof line);
    memcpy(line + 200, " b=1", 5);
    assert_int_equal(push_line_read(slice_of(line), on_item, &heard).refused, 1);
    assert_true(push_item_name(name, slice_of("a")));
    assert_false(push_item_name(name, (struct slice){line, 63}));
    assert_string_equal(name, "a");
}

static struct push_item item_of(unsigned number)
{
    struct push_item item = {.number = number};
    snprintf(item.name, sizeof item.name, "n%u", number);
    return item;
}

static void a_table_is_bounded_and_forgets(void **state)
{
    (void)state;
    static struct push_table table;
    static struct check_extra extra[CHECK_EXTRA_MAX];
    struct push_item item;
    for (unsigned i = 0; i < CHECK_EXTRA_MAX; i++) {
        item = item_of(i);
        assert_true(push_table_put(&table, &item));
    }
    item = item_of(99);
    assert_false(push_table_put(&table, &item));
    item = item_of(3);
    item.number = 7;
    assert_true(push_table_put(&table, &item)); /* the newest counts */
    assert_int_equal(push_table_report(&table, extra), CHECK_EXTRA_MAX);
    assert_near(extra[3].number, 7, 0);
    for (int i = 1; i < PUSH_TABLE_REPORTS; i++) {
        assert_true(push_table_put(&table, &item));
        assert_int_equal(push_table_report(&table, extra), 1);
    }
    item = item_of(99);
    assert_false(push_table_put(&table, &item)); /* nine reports: still theirs */
    assert_int_equal(push_table_report(&table, extra), 0);
    assert_true(push_table_put(&table, &item));
    assert_int_equal(table.len, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(senml_is_read),
        cmocka_unit_test(names_that_do_not_fit_are_refused),
        cmocka_unit_test(a_table_is_bounded_and_forgets),
    };
    return cmocka_run_group_tests_name("push_read", tests, NULL, NULL);
}
