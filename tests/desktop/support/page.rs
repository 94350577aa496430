//! The window from inside: what it shows, and hands that click and type in it.

use super::eventually;
use thirtyfour::prelude::*;

/// The page in the app's window.
pub struct Page {
    driver: WebDriver,
}

fn css(id: &str) -> By {
    By::Css(format!("[data-testid='{id}']"))
}

impl Page {
    /// The page behind that driver.
    pub fn new(driver: WebDriver) -> Self {
        Self { driver }
    }

    /// Waits for the first screen, whichever it is.
    pub async fn is_drawn(&self) {
        eventually("the first screen is drawn", async || {
            let screens = By::Css("[data-testid^='screen-'], [data-testid='engine-error']");
            self.driver.find(screens).await.ok()
        })
        .await;
    }

    /// The first element with that test id, once it is there.
    pub async fn find(&self, id: &str) -> WebElement {
        eventually(&format!("{id} is there"), async || self.driver.find(css(id)).await.ok()).await
    }

    /// All elements with that test id, as they are now.
    pub async fn all(&self, id: &str) -> Vec<WebElement> {
        self.driver.find_all(css(id)).await.unwrap_or_default()
    }

    /// Waits until there are so many elements with that test id.
    pub async fn has(&self, count: usize, id: &str) -> Vec<WebElement> {
        eventually(&format!("there are {count} of {id}"), async || {
            let all = self.all(id).await;
            (all.len() == count).then_some(all)
        })
        .await
    }

    /// Clicks an element as soon as it can be clicked.
    pub async fn click(&self, id: &str) {
        self.click_on(css(id), id).await;
    }

    /// Clicks the element of a list that carries that name.
    pub async fn click_named(&self, id: &str, name: &str) {
        let by = By::Css(format!("[data-testid='{id}'][data-name='{name}']"));
        self.click_on(by, name).await;
    }

    async fn click_on(&self, by: By, what: &str) {
        eventually(&format!("{what} can be clicked"), async || {
            self.driver.find(by.clone()).await.ok()?.click().await.ok()
        })
        .await;
    }

    /// Puts a text into a field, in place of what was there.
    pub async fn fill(&self, id: &str, text: &str) {
        eventually(&format!("{id} can be filled"), async || {
            let field = self.driver.find(css(id)).await.ok()?;
            field.click().await.ok()?;
            field.clear().await.ok()?;
            field.send_keys(text).await.ok()
        })
        .await;
    }

    /// Chooses from a list of the system's: what hangs out of the window is beyond the driver's reach.
    pub async fn choose(&self, id: &str, value: &str) {
        let (id, value) = (serde_json::json!(id), serde_json::json!(value));
        let choice = format!(
            "((list) => {{ list.value = {value}; list.dispatchEvent(new Event('change', {{ bubbles: true }})); \
             return list.value === {value}; }})(document.querySelector(`[data-testid=${{{id}}}]`))"
        );
        self.is_true(&format!("{value} is chosen"), &choice).await;
    }

    /// The text of an element, once it passes.
    pub async fn text_that(&self, id: &str, what: &str, passes: impl Fn(&str) -> bool) -> String {
        // The driver's own text leaves out what is cut off at the end of a line.
        let expression = format!("document.querySelector(\"[data-testid='{id}']\")?.innerText ?? ''");
        eventually(what, async || {
            let text = self.evaluate(&expression).await.as_str()?.to_owned();
            passes(&text).then_some(text)
        })
        .await
    }

    /// Waits until the window says something.
    pub async fn says(&self, words: &str) {
        let found = format!("document.body.innerText.includes({})", serde_json::json!(words));
        self.is_true(&format!("the window says “{words}”"), &found).await;
    }

    /// Goes to a screen: `upload`, `gallery`, `hosts` or `settings`.
    pub async fn go(&self, screen: &str) {
        self.click(&format!("nav-{screen}")).await;
        self.find(&format!("screen-{screen}")).await;
    }

    /// An attribute of an element.
    pub async fn attribute(&self, id: &str, name: &str) -> Option<String> {
        self.find(id).await.attr(name).await.unwrap()
    }

    /// Waits until an attribute of an element has that value.
    pub async fn has_attribute(&self, id: &str, name: &str, value: &str) {
        eventually(&format!("{name} of {id} is {value}"), async || {
            let found = self.driver.find(css(id)).await.ok()?.attr(name).await.ok()??;
            (found == value).then_some(())
        })
        .await;
    }

    /// What an expression of the page comes to; nothing while the page cannot be asked.
    async fn evaluate(&self, expression: &str) -> serde_json::Value {
        let script = format!("return ({expression});");
        let answer = self.driver.execute(script, Vec::new()).await;
        answer.map(|answer| answer.json().clone()).unwrap_or_default()
    }

    /// Waits until an expression of the page is true.
    pub async fn is_true(&self, what: &str, expression: &str) {
        eventually(what, async || self.evaluate(expression).await.as_bool().filter(|is| *is)).await;
    }

    /// Makes the window so large.
    pub async fn resize(&self, width: u32, height: u32) {
        self.driver.set_window_rect(60, 60, width, height).await.unwrap();
        // A click before the page has its new size would go to where things were.
        let has_size = format!("window.innerWidth === {width} && window.innerHeight === {height}");
        self.is_true("the page has its new size", &has_size).await;
    }

    /// Lets go of the window, which ends the app.
    pub async fn leave(self) {
        // A window that is gone already cannot be left, which is as good.
        drop(self.driver.quit().await);
    }
}
