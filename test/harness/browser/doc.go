// Package browser runs tests in the browsers that are installed on the machine, with real pages, clicks and keys.
//
//	b := browser.New(t)
//	page := b.Open(t, server.URL)
//	page.Find("button", "Add task").Click()
//	page.Wait("the task to be listed", `document.querySelectorAll("li").length === 1`)
//
// [Start] needs no test. All waits have a time limit. An element is found as a screen reader finds it: by its role and its
// accessible name. When a test fails, the test's log has the console of the page and names the folder of a screenshot. With
// -artifacts, this is the folder of the test's artifacts.
//
// Chromium is chromium, chromium-browser or google-chrome in PATH, and most tests run in chromium-headless-shell if that is
// there too. The environment variable CHROMIUM names another executable for all tests. If there is no Chromium, the test fails
// and says what to install.
//
// Run its own tests, from the folder test/:
//
//	go test ./harness/browser
package browser
