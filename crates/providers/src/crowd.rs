//! The connections to a server of ours: few at a time, and those that do nothing make room.
//!
//! A bound alone would let anybody shut the server by holding connections open. So whoever comes
//! when all places are taken gets that of the connection that has been idle longest.

use http_body::{Body, Frame, SizeHint};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// How long who has just come may take to say something: on a busy computer a request arrives a
/// moment after its connection.
const FIRST_WORD: Duration = Duration::from_millis(500);

/// How often a newcomer looks whether time alone has made a place free.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// All connections.
pub struct Crowd {
    most: usize,
    standstill: Duration,
    guests: Mutex<Guests>,
    /// A place became free, or a request ended.
    news: Notify,
}

#[derive(Default)]
struct Guests {
    next: u64,
    all: HashMap<u64, Arc<Guest>>,
}

/// One connection.
struct Guest {
    requests: AtomicUsize,
    /// There was a request before.
    has_spoken: AtomicBool,
    /// When a request began or ended, or a part of a body moved.
    active: Mutex<Instant>,
    asked_to_leave: Notify,
}

/// A place among the connections; given back when dropped.
pub struct Place {
    crowd: Arc<Crowd>,
    number: u64,
    guest: Arc<Guest>,
}

/// A request under way, until its answer is written.
pub struct Busy(Arc<Guest>, Arc<Crowd>);

impl Crowd {
    /// Room for so many. A request that stands still for that long may lose its place too.
    #[must_use]
    pub fn new(most: usize, standstill: Duration) -> Arc<Self> {
        Arc::new(Self { most, standstill, guests: Mutex::default(), news: Notify::new() })
    }

    /// Waits for a place; an idle connection is sent away for it.
    pub async fn enter(self: &Arc<Self>) -> Place {
        loop {
            let news = self.news.notified();
            if let Some(place) = self.try_enter() {
                return place;
            }
            // Time alone makes a standstill: there need not be any news of it.
            let _ = tokio::time::timeout(LOOK_AGAIN, news).await;
        }
    }

    fn try_enter(self: &Arc<Self>) -> Option<Place> {
        let mut guests = lock(&self.guests);
        if guests.all.len() >= self.most {
            let idle = guests.all.values().filter(|guest| guest.may_be_sent_away(self.standstill));
            if let Some(longest) = idle.min_by_key(|guest| *lock(&guest.active)) {
                longest.asked_to_leave.notify_one();
            }
            return None;
        }
        let guest = Arc::new(Guest {
            requests: AtomicUsize::new(0),
            has_spoken: AtomicBool::new(false),
            active: Mutex::new(Instant::now()),
            asked_to_leave: Notify::new(),
        });
        guests.next += 1;
        let number = guests.next;
        guests.all.insert(number, Arc::clone(&guest));
        Some(Place { crowd: Arc::clone(self), number, guest })
    }
}

impl Guest {
    fn touch(&self) {
        *lock(&self.active) = Instant::now();
    }

    fn may_be_sent_away(&self, standstill: Duration) -> bool {
        let idle = lock(&self.active).elapsed();
        if self.requests.load(Ordering::Relaxed) > 0 {
            return idle > standstill;
        }
        self.has_spoken.load(Ordering::Relaxed) || idle > FIRST_WORD
    }
}

impl Place {
    /// Marks a request as under way.
    #[must_use]
    pub fn busy(&self) -> Busy {
        self.guest.requests.fetch_add(1, Ordering::Relaxed);
        self.guest.has_spoken.store(true, Ordering::Relaxed);
        self.guest.touch();
        Busy(Arc::clone(&self.guest), Arc::clone(&self.crowd))
    }

    /// Serves until the end, or until the place is needed and nothing is under way.
    pub async fn hold<T>(&self, connection: impl Future<Output = T>) -> Option<T> {
        let mut connection = std::pin::pin!(connection);
        loop {
            tokio::select! {
                biased;
                // A request that is there already comes before leaving.
                ended = &mut connection => return Some(ended),
                () = self.guest.asked_to_leave.notified() => {
                    // A request may have come since.
                    if self.guest.may_be_sent_away(self.crowd.standstill) {
                        return None;
                    }
                }
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.crowd.guests).all.remove(&self.number);
        self.crowd.news.notify_one();
    }
}

impl Busy {
    /// A part of a body moved.
    pub fn moved(&self) {
        self.0.touch();
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.touch();
        self.0.requests.fetch_sub(1, Ordering::Relaxed);
        self.1.news.notify_one();
    }
}

/// The body of an answer: the request is under way until all of it is handed over.
pub struct Tracked<B> {
    body: B,
    busy: Arc<Busy>,
}

impl<B> Tracked<B> {
    /// The body, for as long as the request is under way.
    pub fn new(body: B, busy: Arc<Busy>) -> Self {
        Self { body, busy }
    }
}

impl<B: Body + Unpin> Body for Tracked<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if frame.is_ready() {
            self.busy.moved();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDSTILL: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn the_longest_idle_makes_room_and_the_busy_stay() {
        let crowd = Crowd::new(2, STANDSTILL);
        let busy_place = crowd.enter().await;
        let busy = busy_place.busy();
        let idle_place = crowd.enter().await;
        drop(idle_place.busy());
        assert!(crowd.try_enter().is_none(), "both places are taken");
        let sent_away = idle_place.hold(std::future::pending::<()>()).await;
        assert!(sent_away.is_none());
        drop(idle_place);
        let newcomer = crowd.enter().await;
        let newcomers_request = newcomer.busy();
        assert!(crowd.try_enter().is_none());
        let stays =
            tokio::time::timeout(Duration::from_millis(50), busy_place.hold(std::future::pending::<()>()));
        assert!(stays.await.is_err(), "a request under way is not cut off");
        drop((busy, newcomers_request));
    }

    #[tokio::test]
    async fn who_waits_gets_the_place_of_who_ends() {
        let crowd = Crowd::new(1, STANDSTILL);
        let place = crowd.enter().await;
        let request = place.busy();
        let waiting = tokio::spawn({
            let crowd = Arc::clone(&crowd);
            async move { crowd.enter().await.number }
        });
        tokio::task::yield_now().await;
        drop(request);
        drop(place);
        assert_eq!(waiting.await.unwrap(), 2);
    }
}
