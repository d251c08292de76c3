import { describe, expect, inject, test } from "vitest";
import { chosen, type RulesByTable } from "../../../support/subset.ts";

describe("keys of all sorts", () => {
  test("of several columns: one null, and it refers to nothing", async () => {
    const ddl = `
      create table tenant (id int primary key);
      create table project (tenant int references tenant, no int, primary key (tenant, no));
      create table task (id int primary key, tenant int not null references tenant, project int, parent int,
        foreign key (project, tenant) references project (no, tenant), unique (parent, id),
        foreign key (tenant, parent) references project (tenant, no));
      insert into tenant values (1), (2);
      insert into project values (1, 1), (1, 2), (2, 1);
      insert into task values (1, 1, 1, null), (2, 1, 2, 1), (3, 1, null, 2), (4, 2, 1, null), (5, 1, null, null)`;
    const { rows } = await chosen(ddl, { "public.project": { where: "no = 1" } });
    expect(rows).toEqual({
      "public.tenant": null,
      "public.project": ["1|1", "2|1"],
      "public.task": ["1|1|1|-", "4|2|1|-", "5|1|-|-"],
    });
    const pulled = await chosen(ddl, {
      "public.project": { referenced: "only" },
      "public.task": { where: "id in (3, 5)" },
    });
    expect(pulled.rows).toMatchObject({ "public.project": ["1|2"], "public.task": ["3|1|-|2", "5|1|-|-"] });
  });

  test("several between the same tables, some deferrable, to unique constraints", async () => {
    const ddl = `
      create table person (id int primary key, mail text unique, nick varchar(10) unique);
      create table mail (id int primary key, "from" text references person (mail) deferrable initially deferred,
        "to" text references person (mail), by varchar references person (nick) deferrable);
      insert into person values (1, 'a@x', 'a'), (2, 'b@x', 'b'), (3, 'c@x', null), (4, null, 'd');
      insert into mail values (1, 'a@x', 'b@x', 'd'), (2, 'a@x', 'c@x', null), (3, null, null, 'b'),
        (4, null, null, null), (5, 'a@x', 'a@x', 'a')`;
    expect((await chosen(ddl, { "public.person": { where: "id in (1, 2)" } })).rows["public.mail"]).toEqual([
      "3|-|-|b",
      "4|-|-|-",
      "5|a@x|a@x|a",
    ]);
    const rules: RulesByTable = {
      "public.person": { referenced: "also", where: "id = 3" },
      "public.mail": { where: "id in (1, 3, 4)" },
    };
    expect((await chosen(ddl, rules)).rows["public.person"]).toEqual([
      "1|a@x|a",
      "2|b@x|b",
      "3|c@x|-",
      "4|-|d",
    ]);
  });

  test("between columns of other types and collations", async () => {
    const ddl = `
      create table p (id bigint primary key, price numeric unique, name text collate "C" unique);
      create table c (id int primary key, p int references p, price int references p (price),
        name varchar(4) collate "POSIX" references p (name));
      create table d (id int primary key, p smallint references p);
      insert into p values (1, 1.0, 'one'), (2, 2, 'two'), (3, 3.00, 'drei');
      insert into c values (1, 1, 1, 'one'), (2, null, 2, null), (3, null, null, 'drei'), (4, 1, 3, null);
      insert into d values (1, 3), (2, 2)`;
    expect((await chosen(ddl, { "public.p": { where: "id <> 2" } })).rows).toMatchObject({
      "public.c": ["1|1|1|one", "3|-|-|drei", "4|1|3|-"],
      "public.d": ["1|3"],
    });
    const rules: RulesByTable = {
      "public.p": { referenced: "only" },
      "public.c": { where: "id = 3" },
      "public.d": { where: "id = 2" },
    };
    expect((await chosen(ddl, rules)).rows["public.p"]).toEqual(["2|2|two", "3|3.00|drei"]);
  });

  test("with an operator outside the search path", async () => {
    const ddl = `
      create schema types;
      create extension citext schema types;
      create table p (name types.citext primary key, n int);
      create table c (id int primary key, name types.citext references p);
      insert into p values ('Ann', 1), ('bob', 2);
      insert into c values (1, 'ann'), (2, 'BOB'), (3, null)`;
    expect((await chosen(ddl, { "public.p": { where: "n = 1" } })).rows["public.c"]).toEqual([
      "1|ann",
      "3|-",
    ]);
    const rules: RulesByTable = { "public.p": { referenced: "only" }, "public.c": { where: "id = 2" } };
    expect((await chosen(ddl, rules)).rows["public.p"]).toEqual(["bob|2"]);
  });

  test("of tables with names that need quotes, in several schemas", async () => {
    const ddl = `
      create schema "a.b";
      create table "a.b"."select" ("my id" int primary key, "from" int references "a.b"."select", "t" text);
      create table "it's ""x""" ("where" int references "a.b"."select", t int);
      insert into "a.b"."select" values (1, null, 'a'), (2, 1, 'b'), (3, 2, 'c');
      insert into "it's ""x""" values (1, 1), (2, 2), (3, 3), (null, 4)`;
    const select = '"a.b"."select"';
    expect((await chosen(ddl, { [select]: { where: `"my id" <> 2 and "select".t <> 'z'` } })).rows).toEqual({
      [select]: ["1|-|a"],
      'public."it\'s ""x"""': ["-|4", "1|1"],
    });
    const rules: RulesByTable = {
      [select]: { referenced: "only" },
      'public."it\'s ""x"""': { where: "t = 2" },
    };
    expect((await chosen(ddl, rules)).rows[select]).toEqual(["1|-|a", "2|1|b"]);
  });

  test("of tables with columns that are named like what the queries make", async () => {
    const ddl = `
      create table t (wanted int primary key, v1 int unique, refers boolean, child int, parent int, k1 int, t int, w int);
      create table p1 (id int primary key, t int references t, p1 int, "row" int, tableoid_ int);
      alter table t add foreign key (parent) references t, add foreign key (child) references t (v1),
        add foreign key (w) references p1;
      insert into t values (1, 10, null, null, null), (2, 20, false, 10, null), (3, 30, null, null, 2),
        (4, 40, null, null, null);
      insert into p1 values (7, 4);
      update t set w = 7 where wanted = 3`;
    const { rows } = await chosen(ddl, { "public.t": { where: "t.t is null and wanted <> 1" } });
    expect(rows).toEqual({ "public.p1": ["7|4|-|-|-"], "public.t": ["4|40|-|-|-|-|-|-"] });
    const rules: RulesByTable = {
      "public.t": { referenced: "also", where: "wanted = 3" },
      "public.p1": { where: "false" },
    };
    expect((await chosen(ddl, rules)).rows).toMatchObject({ "public.t": [] });
    const all: RulesByTable = { "public.t": { referenced: "also", where: "wanted = 2" } };
    expect((await chosen(ddl, all)).rows["public.t"]!.map((row) => row.slice(0, 1))).toEqual(["1", "2", "4"]);
  });

  test("that a row of the source breaks already", async () => {
    const ddl = `
      create table p (id int primary key, p int, n int);
      create table c (id int primary key, p int);
      insert into p values (1, null, 1), (2, 9, 1), (3, 2, 1), (4, 1, 2);
      insert into c values (1, 1), (2, 3), (3, 8);
      alter table p add foreign key (p) references p not valid;
      alter table c add foreign key (p) references p not valid`;
    expect((await chosen(ddl, { "public.p": { where: "n = 1" } })).rows).toEqual({
      "public.p": ["1|-|1"],
      "public.c": ["1|1"],
    });
  });

  test("with PERIOD only to tables that are copied whole", async ({ skip }) => {
    if (inject("serverMajor") < 18) skip();
    const ddl = `
      create extension btree_gist;
      create table p (id int, during daterange, primary key (id, during without overlaps));
      create table c (id int, during daterange, foreign key (id, period during) references p (id, period during))`;
    expect((await chosen(ddl, { "public.c": { limit: 1 } })).rows["public.p"]).toBeNull();
    await expect(chosen(ddl, { "public.p": { limit: 1 } })).rejects.toMatchObject({ code: "SYNC_302" });
  });
});

const events = `
  create table kind (id int primary key);
  create table event (id int, day int, kind int, primary key (id, day)) partition by list (day);
  create table event_1 partition of event for values in (1);
  create table event_2 partition of event for values in (2) partition by range (id);
  create table event_2a partition of event_2 for values from (0) to (10);
  create table event_2b partition of event_2 default;
  create table note (id int primary key, event int, day int, foreign key (event, day) references event);
  insert into kind values (1), (2);
  insert into event values (1, 1, 1), (2, 1, 2), (1, 2, 1), (2, 2, 2), (20, 2, 2), (21, 2, null);
  insert into note values (1, 1, 1), (2, 20, 2), (3, 21, 2)`;

describe("partitions", () => {
  test("a partitioned table is read through its root", async () => {
    const ddl = `${events}; alter table event add foreign key (kind) references kind`;
    const { rows } = await chosen(ddl, { "public.kind": { where: "id = 1" } });
    expect(rows).toEqual({
      "public.kind": ["1"],
      "public.event": ["1|1|1", "1|2|1", "21|2|-"],
      "public.note": ["1|1|1", "3|21|2"],
    });
    const rules: RulesByTable = { "public.event": { referenced: "also", limit: 1 } };
    expect((await chosen(ddl, rules)).rows["public.event"]).toEqual(["1|1|1", "20|2|2", "21|2|-"]);
  });

  test("a key of each partition by itself is one of all", async () => {
    const ddl = `${events};
      alter table event_1 add foreign key (kind) references kind;
      alter table event_2 add constraint other foreign key (kind) references kind`;
    const { rows } = await chosen(ddl, { "public.kind": { where: "id = 1" } });
    expect(rows["public.event"]).toEqual(["1|1|1", "1|2|1", "21|2|-"]);
  });

  test("a key of one partition is about no other", async () => {
    const ddl = `${events}; alter table event_2 add foreign key (kind) references kind`;
    expect((await chosen(ddl, { "public.kind": { where: "id = 1" } })).rows["public.event"]).toEqual([
      "1|1|1",
      "1|2|1",
      "21|2|-",
      "2|1|2",
    ]);
    const rules: RulesByTable = {
      "public.kind": { referenced: "only" },
      "public.event": { where: "id = 2 and day = 1" },
    };
    expect((await chosen(ddl, rules)).rows["public.kind"]).toEqual([]);
    expect(
      (await chosen(ddl, { ...rules, "public.event": { where: "day = 2" } })).rows["public.kind"],
    ).toEqual(["1", "2"]);
  });

  test("a key to one partition is about rows of that one", async () => {
    const ddl = `${events};
      alter table event_2a add unique (id);
      create table mark (id int primary key, event int references event_2a (id), again int references mark);
      insert into mark values (1, 1, null), (2, 2, 1), (3, null, 2)`;
    expect((await chosen(ddl, { "public.event": { where: "day = 1 or id = 2" } })).rows).toMatchObject({
      "public.event": ["1|1|1", "2|1|2", "2|2|2"],
      "public.mark": [],
    });
    expect(
      (await chosen(ddl, { "public.event": { where: "day = 2 and id < 9" } })).rows["public.mark"],
    ).toEqual(["1|1|-", "2|2|1", "3|-|2"]);
    const rules: RulesByTable = { "public.event": { referenced: "only" }, "public.note": { where: "false" } };
    expect((await chosen(ddl, rules)).rows["public.event"]).toEqual(["1|2|1", "2|2|2"]);
    const also: RulesByTable = { "public.event": { referenced: "also", where: "id = 2" } };
    expect((await chosen(ddl, { ...rules, ...also })).rows["public.event"]).toEqual([
      "1|2|1",
      "2|1|2",
      "2|2|2",
    ]);
  });

  test("of a cycle", async () => {
    const ddl = `${events};
      alter table kind add event int, add day int, add foreign key (event, day) references event;
      alter table event_1 add foreign key (kind) references kind;
      update kind set event = 2, day = 1 where id = 1;
      update kind set event = 20, day = 2 where id = 2`;
    expect((await chosen(ddl, { "public.event": { where: "id <> 20" } })).rows).toMatchObject({
      "public.event": ["1|2|1", "21|2|-", "2|2|2"],
      "public.kind": [],
    });
    const rules: RulesByTable = {
      "public.event": { referenced: "only" },
      "public.kind": { referenced: "only" },
      "public.note": { where: "id = 1" },
    };
    expect((await chosen(ddl, rules)).rows).toMatchObject({
      "public.event": ["1|1|1", "20|2|2", "2|1|2"],
      "public.kind": ["1|2|1", "2|20|2"],
    });
  });
});

test("children by inheritance are tables of their own", async () => {
  const ddl = `
    create table p (id int primary key, n int);
    create table child (extra int) inherits (p);
    create table c (id int primary key, p int references p);
    insert into p values (1, 1), (2, 2);
    insert into child values (1, 2, 5), (3, 2, 5);
    insert into c values (1, 1), (2, 2)`;
  expect((await chosen(ddl, { "public.p": { where: "n = 2" } })).rows).toEqual({
    "public.p": ["2|2"],
    "public.child": null,
    "public.c": ["2|2"],
  });
});
