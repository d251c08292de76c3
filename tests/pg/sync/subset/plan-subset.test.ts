import { describe, expect, test } from "vitest";
import { chosen, type RulesByTable } from "../../../support/subset.ts";

const shop = `
  create table country (id int primary key, name text);
  create table users (id int primary key, country_id int references country);
  create table orders (id int primary key, user_id int references users);
  create table items (id int primary key, order_id int not null references orders);
  create table logs (id int, text text);
  insert into country values (1, 'a'), (2, 'b'), (3, 'c');
  insert into users values (1, 1), (2, 2), (3, null), (4, 1);
  insert into orders values (1, 1), (2, 2), (3, null), (4, 3), (5, 4);
  insert into items values (1, 1), (2, 2), (3, 3), (4, 4), (5, 5);
  insert into logs values (1, 'x')`;

describe("rows that refer to others that are not copied are left out", () => {
  test("without rules all tables are whole", async () => {
    const { rows } = await chosen(shop, {});
    expect(new Set(Object.values(rows))).toEqual(new Set([null]));
  });

  test("through several tables, but not where a key is null", async () => {
    expect(await chosen(shop, { "public.users": { where: "id <> 2" } })).toEqual({
      rows: {
        "public.country": null,
        "public.users": ["1|1", "3|-", "4|1"],
        "public.orders": ["1|1", "3|-", "4|3", "5|4"],
        "public.items": ["1|1", "3|3", "4|4", "5|5"],
        "public.logs": null,
      },
      reasons: {
        "public.users": "its own rule",
        "public.orders": "rows whose public.users is not copied are left out",
        "public.items": "rows whose public.orders is not copied are left out",
      },
    });
  });

  test("a rule of several tables", async () => {
    const rules = { "public.country": { limit: 1 }, "public.orders": { where: "orders.id >= 3" } };
    const { rows, reasons } = await chosen(shop, rules);
    expect(rows).toMatchObject({
      "public.country": ["1|a"],
      "public.users": ["1|1", "3|-", "4|1"],
      "public.orders": ["3|-", "4|3", "5|4"],
      "public.items": ["3|3", "4|4", "5|5"],
    });
    expect(reasons["public.orders"]).toBe("its own rule; rows whose public.users is not copied are left out");
  });

  test("keys to tables that are not copied restrict nothing", async () => {
    const { rows } = await chosen(shop, { "public.country": { limit: 1 } }, ["public.users"]);
    expect(rows).toEqual({
      "public.country": ["1|a"],
      "public.orders": null,
      "public.items": null,
      "public.logs": null,
    });
  });
});

const staff = `
  create table staff (id int primary key, boss int references staff, team int);
  create table team (id int primary key, lead int not null references staff);
  insert into staff values (1, null), (2, 1), (3, 2), (4, 3), (5, 5), (6, 5), (7, null), (8, 9), (9, 8);
  insert into team values (1, 4), (2, 6), (3, 7), (4, 8)`;

describe("cycles", () => {
  test("a table that refers to itself", async () => {
    const { rows } = await chosen(staff, { "public.staff": { where: "id <> 2" } });
    expect(rows).toEqual({
      "public.staff": ["1|-|-", "5|5|-", "6|5|-", "7|-|-", "8|9|-", "9|8|-"],
      "public.team": ["2|6", "3|7", "4|8"],
    });
  });

  test("rows that refer to each other in a circle stay or go together", async () => {
    const { rows } = await chosen(staff, { "public.staff": { where: "id not in (5, 9)" } });
    expect(rows).toEqual({
      "public.staff": ["1|-|-", "2|1|-", "3|2|-", "4|3|-", "7|-|-"],
      "public.team": ["1|4", "3|7"],
    });
  });

  test("through two tables, beginning outside", async () => {
    const ddl = `
      create table region (id int primary key);
      ${staff};
      alter table staff add region int references region, add foreign key (team) references team;
      insert into region values (1), (2);
      update staff set team = 1 where id in (2, 7);
      update staff set team = 2 where id = 1;
      update staff set region = 2 where id = 6`;
    const { rows, reasons } = await chosen(ddl, { "public.region": { where: "id = 1" } });
    // 6 goes, team 2 that it leads goes, 1 who is in it goes, and so on.
    expect(rows).toEqual({
      "public.region": ["1"],
      "public.staff": ["5|5|-|-", "8|9|-|-", "9|8|-|-"],
      "public.team": ["4|8"],
    });
    expect(reasons["public.staff"]).toBe(
      "rows whose public.region or public.staff or public.team is not copied are left out",
    );
  });

  test("two that overlap, with keys that are not the primary one", async () => {
    const ddl = `
      create table a (id int primary key, code text unique, b int, c text);
      create table b (id int primary key, a int references a);
      create table c (name text primary key, a text references a (code), b int references b);
      alter table a add foreign key (b) references b, add foreign key (c) references c;
      insert into a (id, code) values (1, 'one'), (2, 'two'), (3, null), (4, 'four');
      insert into b values (1, 1), (2, 2), (3, 3), (4, null);
      insert into c values ('x', 'one', 2), ('y', 'two', 1), ('z', null, null), ('w', 'four', 4);
      update a set b = 4, c = 'z' where id = 1;
      update a set b = 1 where id = 2;
      update a set c = 'x' where id = 3`;
    expect((await chosen(ddl, { "public.b": { where: "id <> 2" } })).rows).toEqual({
      "public.a": ["1|one|4|z", "2|two|1|-", "4|four|-|-"],
      "public.b": ["1|1", "4|-"],
      "public.c": ["w|four|4", "y|two|1", "z|-|-"],
    });
    expect((await chosen(ddl, { "public.a": { where: "code is null or code <> 'one'" } })).rows).toEqual({
      "public.a": ["4|four|-|-"],
      "public.b": ["4|-"],
      "public.c": ["w|four|4", "z|-|-"],
    });
  });
});

describe("referenced: only and also", () => {
  test("only what rows of others refer to, and what that refers to, whatever its rule", async () => {
    const rules: RulesByTable = {
      "public.users": { referenced: "only" },
      "public.country": { where: "id = 3" },
      "public.orders": { where: "id in (1, 2, 3)" },
    };
    expect(await chosen(shop, rules)).toEqual({
      rows: {
        "public.country": ["1|a", "2|b", "3|c"],
        "public.users": ["1|1", "2|2"],
        "public.orders": ["1|1", "2|2", "3|-"],
        "public.items": ["1|1", "2|2", "3|3"],
        "public.logs": null,
      },
      reasons: {
        "public.country": "its own rule; rows referenced by public.users are added",
        "public.users": "only rows referenced by public.orders",
        "public.orders": "its own rule",
        "public.items": "rows whose public.orders is not copied are left out",
      },
    });
  });

  test("also: its own rows, and those", async () => {
    const rules: RulesByTable = {
      "public.users": { where: "id >= 3", referenced: "also" },
      "public.orders": { limit: 2 },
    };
    const { rows, reasons } = await chosen(shop, rules);
    expect(rows).toMatchObject({
      "public.users": ["1|1", "2|2", "3|-", "4|1"],
      "public.orders": ["1|1", "2|2"],
    });
    expect(reasons["public.users"]).toBe("its own rule; rows referenced by public.orders are added");
  });

  test("rows that were added bring none that refer to them", async () => {
    const rules: RulesByTable = {
      "public.users": { where: "id = 3" },
      "public.orders": { where: "false" },
      "public.items": { where: "id = 2" },
    };
    const only: RulesByTable = { ...rules, "public.orders": { referenced: "only" } };
    expect((await chosen(shop, rules)).rows).toMatchObject({ "public.items": [] });
    expect((await chosen(shop, only)).rows).toMatchObject({
      "public.items": ["2|2"],
      "public.orders": ["2|2"],
      "public.users": ["2|2", "3|-"],
    });
  });

  test("nothing where nothing refers to it; whole where all of its rows are chosen anyway", async () => {
    const rules: RulesByTable = {
      "public.logs": { referenced: "only" },
      "public.users": { referenced: "also" },
    };
    expect(await chosen(shop, rules)).toEqual({
      rows: {
        "public.country": null,
        "public.users": null,
        "public.orders": null,
        "public.items": null,
        "public.logs": [],
      },
      reasons: { "public.logs": "only rows referenced by others" },
    });
  });

  test("through cycles", async () => {
    const rules: RulesByTable = {
      "public.staff": { referenced: "only" },
      "public.team": { where: "id in (1, 4)" },
    };
    expect((await chosen(staff, rules)).rows).toEqual({
      "public.staff": ["1|-|-", "2|1|-", "3|2|-", "4|3|-", "8|9|-", "9|8|-"],
      "public.team": ["1|4", "4|8"],
    });
  });

  test("through cycles of several tables, with types and modifiers of many kinds", async () => {
    const ddl = `
      create domain code as varchar(8) collate "C" check (value <> '');
      create table a (id numeric(8, 2) primary key, n bigint unique, name varchar(5) collate "C" unique, b code, c uuid);
      create table b (code code primary key, a numeric(8, 2) references a, n int references a (n));
      create table c (id uuid primary key, name varchar(9) references a (name), at timestamptz unique, c timestamptz);
      alter table a add foreign key (b) references b, add foreign key (c) references c;
      alter table c add foreign key (c) references c (at);
      create table start (id int, b varchar(3) references b);
      insert into a (id, n, name) values (1.5, 1, 'one'), (2.5, 2, 'two'), (3.5, 3, null), (4.5, 4, 'four');
      insert into b values ('x', 1.5, null), ('y', null, 2), ('z', 3.5, 3), ('w', null, null);
      insert into c values ('00000000-0000-0000-0000-000000000001', 'two', '2020-01-01 10:00+00', null),
        ('00000000-0000-0000-0000-000000000002', null, '2020-01-02 10:00+00', '2020-01-01 10:00+00'),
        ('00000000-0000-0000-0000-000000000003', 'four', '2020-01-03 10:00+00', null);
      update a set c = '00000000-0000-0000-0000-000000000002' where id = 1.5;
      update a set b = 'w' where id = 2.5;
      update a set b = 'y' where id = 3.5;
      insert into start values (1, 'x'), (2, 'z')`;
    const rules: RulesByTable = {
      "public.start": { limit: 1 },
      "public.a": { referenced: "only" },
      "public.b": { referenced: "only" },
      "public.c": { referenced: "only" },
    };
    const { rows } = await chosen(ddl, rules);
    expect(rows).toMatchObject({
      "public.a": ["1.50|1|one|-|00000000-0000-0000-0000-000000000002", "2.50|2|two|w|-"],
      "public.b": ["w|-|-", "x|1.50|-"],
      "public.start": ["1|x"],
    });
    expect(rows["public.c"]!.map((row) => row.slice(0, 36))).toEqual([
      "00000000-0000-0000-0000-000000000001",
      "00000000-0000-0000-0000-000000000002",
    ]);
  });
});
