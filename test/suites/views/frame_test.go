package views

import (
	"fmt"
	"testing"
)

const panel = "  jira:issuePanel:\n    - {key: panel, title: Panel, icon: x, resource: show%s}\n"

// tall makes a block of this height the only content of the app's page, which has no margin then.
const tall = `(() => { const block = document.createElement("div"); block.style.height = "%dpx"; document.body.style.margin = "0"; document.body.replaceChildren(block); })()`

// fits says that the frame of the app has the height of its page: the page has nothing to scroll, and nothing empty below it.
const fits = `(() => { const f = document.querySelector("#stage .scroll > iframe"); return Math.abs(f.clientHeight - %d) <= 1; })()`

// The frame follows the content of the app's page, as it grows and shrinks.
func TestFrameFollowsTheContent(t *testing.T) {
	u := open(t, serve(t, fmt.Sprintf(panel, ""), ""), "module=panel")
	app := u.app("show")
	app.Wait("the context", `document.querySelector("pre").textContent`)
	for _, height := range []int{453, 1200, 90, 2000, 300} {
		app.Eval(fmt.Sprintf(tall, height), nil)
		u.page.Wait(fmt.Sprintf("a frame of %d px", height), fmt.Sprintf(fits, height))
		app.Wait("nothing to scroll", `document.documentElement.scrollHeight <= innerHeight`)
	}
	// The margins of the first and the last element collapse with those of the body.
	app.Eval(`document.body.style.margin = "8px", document.body.innerHTML = "<p>Text</p><script></script>", document.querySelector("p").style.margin = "40px 0", 0`, nil)
	app.Wait("a frame as high as the page", `document.documentElement.offsetHeight > 90 && document.documentElement.offsetHeight === innerHeight`)
	app.Eval(`document.body.innerHTML = "<pre>One\nTwo\nThree</pre>", document.querySelector("pre").style.width = "3000px", 0`, nil)
	// Where a scroll bar takes room, there is room for it.
	app.Wait("a frame as high as a wide page", `(({ offsetHeight, clientHeight }) => offsetHeight < 90 && offsetHeight === clientHeight)(document.documentElement)`)
}

// A page of its own fills the product's page, and scrolls itself.
func TestPageFillsThePlace(t *testing.T) {
	u := open(t, serve(t, "  jira:globalPage:\n    - {key: page, title: Page, resource: show}\n", ""), "module=page")
	app := u.app("show")
	const fills = `(() => { const place = document.querySelector("#stage .scroll"); return place.clientHeight > 100 && Math.abs(place.querySelector("iframe").offsetHeight - place.clientHeight) <= 1; })()`
	for _, height := range []int{40, 3000} {
		app.Eval(fmt.Sprintf(tall, height), nil)
		app.Wait("the height", fmt.Sprintf(`document.body.offsetHeight === %d`, height))
		u.page.Wait("a frame that fills", fills)
	}
	app.Wait("its own scroll bar", `document.documentElement.scrollHeight > innerHeight`)
}

// A page that is always a little higher than its frame does not grow without end.
func TestFrameStopsGrowing(t *testing.T) {
	u := open(t, serve(t, fmt.Sprintf(panel, ""), ""), "module=panel")
	app := u.app("show")
	app.Wait("the context", `document.querySelector("pre").textContent`)
	app.Eval(`globalThis.sizes = [], addEventListener("resize", () => sizes.push(innerHeight)), document.body.style.margin = "0", document.body.style.minHeight = "calc(100vh + 10px)", 0`, nil)
	app.Wait("some growth", `sizes.length >= 8`)
	// Two frames later nothing has changed, twenty times.
	app.Wait("no more growth", `new Promise((resolve) => { let n = 0, before = sizes.length; const look = () => { if (sizes.length !== before) { before = sizes.length; n = 0; } if (++n === 40) resolve(sizes.length < 15); else requestAnimationFrame(look); }; look(); })`)
}

func TestViewportSize(t *testing.T) {
	for size, height := range map[string]int{"small": 150, "large": 450, "{width: 200px, height: 333px}": 333} {
		u := open(t, serve(t, fmt.Sprintf(panel, ", viewportSize: "+size), ""), "module=panel")
		app := u.app("show")
		app.Wait("the context", `document.querySelector("pre").textContent`)
		app.Eval(fmt.Sprintf(tall, 2000), nil)
		app.Wait("the page to have grown", `document.documentElement.scrollHeight >= 2000`)
		u.page.Wait("a frame of the manifest's size", fmt.Sprintf(`Math.abs(document.querySelector(".scroll > iframe").offsetHeight - %d) <= 1`, height))
	}
	u := open(t, serve(t, macro+"        viewportSize: medium\n", ""), "module=chart&view=config")
	u.app("setup")
	u.page.Wait("a dialog of the manifest's size", `document.querySelector(".over > .box").offsetWidth === 600`)
}

// Code that reads the theme when it renders and observes it later learns of it, however late it begins. This is what
// useThemeObserver of @atlaskit/tokens does.
func TestThemeIsNotMissed(t *testing.T) {
	u := open(t, serve(t, fmt.Sprintf(panel, ""), ""), "module=panel")
	app := u.app("show")
	app.Wait("the context", `document.querySelector("pre").textContent`)
	const script = `new Promise((resolve) => {
		const root = document.documentElement, delays = [0, 1, 10, 40, 100, 300, 1000, 3000];
		root.removeAttribute("data-color-mode"), root.removeAttribute("data-theme");
		const learned = delays.map((delay) => new Promise((learn) => {
			if (root.dataset.colorMode) throw new Error("the theme is there before it was enabled");
			setTimeout(() => new MutationObserver(() => { if (root.dataset.colorMode) learn(delay); }).observe(root, {attributeFilter: ["data-theme", "data-color-mode"]}), delay);
		}));
		bridge.view.theme.enable();
		setTimeout(() => resolve(Promise.all(learned.map((one) => Promise.race([one, Promise.resolve("missed")])))), 7000);
	})`
	u.want(app, script, `[0,1,10,40,100,300,1000,3000]`)
}
