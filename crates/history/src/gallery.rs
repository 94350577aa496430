//! What the gallery asks: pages, days and sums of the uploads that a filter lets through.
//!
//! There are two ways through the rows. Without words, profiles or formats the narrow index
//! `uploads_listed` is walked from the newest on. With any of them the search index leads, in the
//! same order, and the narrow index follows. No query sorts, so the first page costs the same
//! among a hundred finds and a hundred thousand.

use crate::uploads::{self, COLUMNS};
use crate::{History, place, search, sums};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use picferry_core::Result;
use picferry_core::upload::{Cursor, DayCount, HistoryFilter, HistoryPage, Totals, Upload};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

/// The rows of the narrow index between two places. SQLite does not call the index covering, since
/// `removed_at` is none of its columns; it does not look at whole rows all the same, because the
/// index holds no others.
const LISTED: &str = "FROM uploads INDEXED BY uploads_listed
    WHERE removed_at IS NULL AND place >= ?1 AND place <= ?2";

/// The same among finds. SQLite keeps the order of a cross join.
const FOUND: &str = "FROM upload_grams
    CROSS JOIN uploads INDEXED BY uploads_listed ON place = upload_grams.rowid AND removed_at IS NULL
    WHERE upload_grams.rowid >= ?1 AND upload_grams.rowid <= ?2 AND upload_grams MATCH ?3";

/// The part of the gallery that a filter and a cursor leave over.
struct Scope {
    first: i64,
    last: i64,
    expression: Option<String>,
    sizes: Option<(i64, i64)>,
}

impl Scope {
    /// `None` when the times alone leave nothing over.
    fn of(
        connection: &Connection,
        filter: &HistoryFilter,
        after: Option<Cursor>,
    ) -> rusqlite::Result<Option<Self>> {
        let first = match filter.since {
            Some(time) => place::first_since(connection, time)?,
            None => Some(i64::MIN),
        };
        let before = match filter.until {
            Some(time) => place::last_before(connection, time)?,
            None => Some(i64::MAX),
        };
        let below = match after {
            Some(cursor) => place::below(connection, cursor)?,
            None => Some(i64::MAX),
        };
        let (Some(first), Some(before), Some(below)) = (first, before, below) else { return Ok(None) };
        let sizes = (filter.min_bytes.is_some() || filter.max_bytes.is_some())
            .then(|| (as_size(filter.min_bytes.unwrap_or(0)), as_size(filter.max_bytes.unwrap_or(u64::MAX))));
        Ok(Some(Self { first, last: before.min(below), expression: search::expression(filter), sizes }))
    }

    /// The rows, for a SELECT of some columns.
    fn rows(&self) -> String {
        let (rows, next) = if self.expression.is_some() { (FOUND, 4) } else { (LISTED, 3) };
        if self.sizes.is_none() {
            return rows.to_owned();
        }
        format!("{rows} AND bytes_out >= ?{next} AND bytes_out <= ?{}", next + 1)
    }

    /// Newest first.
    fn order(&self) -> &'static str {
        if self.expression.is_some() { "ORDER BY upload_grams.rowid DESC" } else { "ORDER BY place DESC" }
    }

    fn parameters(&self) -> impl Iterator<Item = Value> {
        let sizes = self.sizes.into_iter().flat_map(|(min, max)| [min, max]).map(Value::Integer);
        let places = [self.first, self.last].map(Value::Integer);
        places.into_iter().chain(self.expression.clone().map(Value::Text)).chain(sizes)
    }

    fn page_sql(&self, limit: u32) -> String {
        format!("SELECT {COLUMNS} {} {} LIMIT {limit}", self.rows(), self.order())
    }

    fn totals_sql(&self) -> String {
        format!("SELECT total(1), total(bytes_in), total(bytes_out) {}", self.rows())
    }

    fn times_sql(&self) -> String {
        format!("SELECT created_at {} {}", self.rows(), self.order())
    }

    fn newest_sql(&self) -> String {
        format!("SELECT created_at {} {} LIMIT 1", self.rows(), self.order())
    }

    fn count_sql(&self) -> String {
        format!("SELECT count(*) {}", self.rows())
    }
}

fn as_size(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

impl History {
    /// The next rows after the cursor (from the start without one), newest first. A row keeps its
    /// place while others come and go, so walking through sees each one once.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn page(&self, filter: &HistoryFilter, after: Option<Cursor>, limit: u32) -> Result<HistoryPage> {
        self.index_for(filter)?;
        let limit = limit.max(1);
        let mut rows: Vec<Upload> = self.read(|connection| {
            let Some(scope) = Scope::of(connection, filter, after)? else { return Ok(Vec::new()) };
            // One more than asked tells whether there is a next page.
            connection
                .prepare_cached(&scope.page_sql(limit.saturating_add(1)))?
                .query_map(params_from_iter(scope.parameters()), uploads::from_row)?
                .collect()
        })?;
        let is_full = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next =
            rows.last().filter(|_| is_full).map(|last| Cursor { created_at: last.created_at, id: last.id });
        Ok(HistoryPage { rows, next })
    }

    /// The days that have pictures, newest first, in the calendar of that zone.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn days(&self, filter: &HistoryFilter, zone: &TimeZone) -> Result<Vec<DayCount>> {
        self.index_for(filter)?;
        self.read(|connection| match Scope::of(connection, filter, None)? {
            Some(scope) if scope.expression.is_some() => days_one_by_one(connection, &scope, zone),
            Some(scope) => days_at_a_time(connection, scope, zone),
            None => Ok(Vec::new()),
        })
    }

    /// How many pictures, and how large.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn totals(&self, filter: &HistoryFilter) -> Result<Totals> {
        if sums::know(filter) {
            return self.read(|connection| sums::of(connection, filter));
        }
        self.index_for(filter)?;
        self.read(|connection| {
            let Some(scope) = Scope::of(connection, filter, None)? else { return Ok(Totals::default()) };
            connection
                .prepare_cached(&scope.totals_sql())?
                .query_row(params_from_iter(scope.parameters()), sums::totals)
        })
    }

    /// What asks for words, profiles or formats needs the whole search index.
    fn index_for(&self, filter: &HistoryFilter) -> Result<()> {
        if search::expression(filter).is_some() { self.index_all() } else { Ok(()) }
    }

    /// How many pictures a profile has in the gallery, and how large.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn profile_totals(&self, profile_id: &str) -> Result<Totals> {
        self.totals(&HistoryFilter { profile_ids: vec![profile_id.to_owned()], ..HistoryFilter::default() })
    }
}

/// Each find's time is looked at: finds have no index by day.
fn days_one_by_one(
    connection: &Connection,
    scope: &Scope,
    zone: &TimeZone,
) -> rusqlite::Result<Vec<DayCount>> {
    let mut statement = connection.prepare_cached(&scope.times_sql())?;
    let mut times = statement.query(params_from_iter(scope.parameters()))?;
    let mut days = Days::in_zone(zone);
    while let Some(row) = times.next()? {
        days.add(row.get(0)?, 1);
    }
    Ok(days.counted)
}

/// From day to day: the newest picture left names the day, and SQLite counts it.
fn days_at_a_time(
    connection: &Connection,
    mut scope: Scope,
    zone: &TimeZone,
) -> rusqlite::Result<Vec<DayCount>> {
    let mut newest_left = connection.prepare_cached(&scope.newest_sql())?;
    let mut count_of_day = connection.prepare_cached(&scope.count_sql())?;
    let mut days = Days::in_zone(zone);
    let (first, mut last) = (scope.first, scope.last);
    loop {
        (scope.first, scope.last) = (first, last);
        let newest: Option<i64> =
            newest_left.query_row(params_from_iter(scope.parameters()), |row| row.get(0)).optional()?;
        let Some(newest) = newest else { return Ok(days.counted) };
        let begins = days.add(newest, 0);
        let Some(lowest) = place::first_since(connection, begins)? else { return Ok(days.counted) };
        scope.first = first.max(lowest);
        let count = count_of_day.query_row(params_from_iter(scope.parameters()), |row| row.get(0))?;
        days.add(newest, count);
        let Some(rest) = scope.first.checked_sub(1).filter(|rest| *rest >= first) else {
            return Ok(days.counted);
        };
        last = rest;
    }
}

/// Days that are being counted, from the newest back.
struct Days<'zone> {
    zone: &'zone TimeZone,
    counted: Vec<DayCount>,
    /// Where the last of them begins.
    begins: i64,
}

impl<'zone> Days<'zone> {
    fn in_zone(zone: &'zone TimeZone) -> Self {
        Self { zone, counted: Vec::new(), begins: i64::MAX }
    }

    /// Adds pictures of that time; times never go up. Answers where their day begins.
    fn add(&mut self, time: i64, count: u32) -> i64 {
        match self.counted.last_mut() {
            Some(day) if time >= self.begins => day.count += count,
            _ => self.begin(time, count),
        }
        self.begins
    }

    fn begin(&mut self, time: i64, count: u32) {
        let instant = Timestamp::from_millisecond(time).unwrap_or(if time < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        });
        let day = self.zone.to_datetime(instant).date();
        let end = day.tomorrow().ok().and_then(|tomorrow| self.start_of(tomorrow)).unwrap_or(i64::MAX);
        // Where clocks go back over midnight, an hour belongs to two days; each picture to one.
        let end = end.max(time.saturating_add(1)).min(self.begins);
        self.begins = self.start_of(day).unwrap_or(i64::MIN).min(time);
        // No row has the id 0: what comes after is all of the day, whatever joins it later.
        self.counted.push(DayCount { day: day.to_string(), count, start: Cursor { created_at: end, id: 0 } });
    }

    fn start_of(&self, day: Date) -> Option<i64> {
        self.zone.to_zoned(day.at(0, 0, 0, 0)).ok().map(|start| start.timestamp().as_millisecond())
    }
}

#[cfg(test)]
mod plans;
