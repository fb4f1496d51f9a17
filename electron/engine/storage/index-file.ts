/** The SQLite file behind the index: opened with care, written in transactions, found out when it is damaged. */
import Database from 'libsql';
import * as z from 'zod';
import { checkedRow, type Row, sumOf, type Table, tableNames, tables } from './index-rows';

/** Raised whenever the tables change; an index of another version is made anew. */
export const schemaVersion = 1;

export class IndexFile {
  private constructor(private readonly database: Database.Database) {}

  /** Opens the file at `path`, or makes it; `:memory:` keeps it nowhere. Throws what SQLite says of a damaged one. */
  static open(path: string, journal: 'wal' | 'truncate'): IndexFile {
    const file = new IndexFile(new Database(path));
    try {
      file.prepare(journal);
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** All rows of a table; throws when one of them is not what was written. */
  rows(table: Table): Row[] {
    return this.database
      .prepare(`SELECT ${[...tables[table], 'sum'].join(', ')} FROM ${table}`)
      .all()
      .map((found) => {
        const row = checkedRow(table, found);
        if (row === undefined) throw new Error(`a row of ${table} is damaged`);
        return row;
      });
  }

  put(table: Table, row: Row): void {
    const columns = [...tables[table], 'sum'];
    const places = columns.map(() => '?').join(', ');
    this.database
      .prepare(`INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${places})`)
      .run(...row, sumOf(table, row));
  }

  remove(table: Table, key: string): void {
    this.database.prepare(`DELETE FROM ${table} WHERE ${tables[table][0]} = ?`).run(key);
  }

  removeWhere(table: Table, column: string, value: string): void {
    this.database.prepare(`DELETE FROM ${table} WHERE ${column} = ?`).run(value);
  }

  clear(): void {
    for (const table of tableNames) this.database.exec(`DELETE FROM ${table}`);
  }

  /** Keys of rows whose text holds `part`, whatever the case of Latin letters. */
  keysLike(table: Table, column: string, part: string): string[] {
    const pattern = `%${part.replace(/[!%_]/g, '!$&')}%`;
    const [key] = tables[table];
    const found = this.database
      .prepare(`SELECT ${key} AS key FROM ${table} WHERE ${column} LIKE ? ESCAPE '!' OR ${key} LIKE ? ESCAPE '!'`)
      .all(pattern, pattern);
    return z
      .array(z.looseObject({ key: z.string() }))
      .parse(found)
      .map((row) => row.key);
  }

  /** All of it happens, or nothing. */
  transaction(task: () => void): void {
    this.database.transaction(task)();
  }

  /**
   * Statements hold the connection until they are collected (tursodatabase/libsql-js#228), so the log is emptied here and not
   * left to the last one who closes.
   */
  close(): void {
    try {
      this.database.pragma('wal_checkpoint(TRUNCATE)');
    } catch {
      // A damaged or full one keeps its log.
    }
    this.database.close();
  }

  private prepare(journal: 'wal' | 'truncate'): void {
    // What a foreign file might hide in its schema is not run.
    const pragmas = ['trusted_schema = OFF', `journal_mode = ${journal}`, 'synchronous = FULL', 'foreign_keys = ON'];
    for (const pragma of pragmas) this.database.pragma(pragma);
    const check = z
      .array(z.looseObject({ integrity_check: z.string() }))
      .parse(this.database.pragma('integrity_check'));
    if (check.length !== 1 || check[0]?.integrity_check !== 'ok') throw new Error('SQLite finds it damaged');
    const version = z.array(z.looseObject({ user_version: z.int() })).parse(this.database.pragma('user_version'));
    if (version[0]?.user_version === 0) this.create();
  }

  private create(): void {
    const belongs = 'REFERENCES datasets(id) ON DELETE CASCADE';
    this.database.transaction(() => {
      for (const table of tableNames) {
        const columns = tables[table].map((column, i) => {
          if (i === 0) return `${column} TEXT PRIMARY KEY`;
          return column === 'dataset' ? `${column} NOT NULL ${belongs}` : column;
        });
        this.database.exec(`CREATE TABLE ${table} (${columns.join(', ')}, sum TEXT NOT NULL) WITHOUT ROWID`);
      }
      this.database.pragma(`user_version = ${schemaVersion}`);
    })();
  }
}
