package conformance

// framed makes the page believe that it is in a frame of a site's page.
const framed = `() => {
	const old = Object.getOwnPropertyDescriptor(document, "referrer");
	Object.defineProperty(document, "referrer", { value: "https://a.atlassian.net/wiki/x?y", configurable: true });
	return () => { if (old) Object.defineProperty(document, "referrer", old); else delete document.referrer; };
}`

// withFrame puts the frame into the page too. It records the documents that are sent to the frame. The function
// rendererReady reports that the frame is ready.
const withFrame = `() => {
	const undo = (` + framed + `)();
	const frame = document.createElement("iframe");
	frame.id = "my-frame";
	const inside = new MessageChannel().port1;
	inside.postMessage = (message, origin) => {
		if (typeof message !== "object") return; // of the two programs that agree on the frame's height
		const { timestamp, ...rest } = message;
		note("posted", rest, origin, Math.abs(Date.now() - timestamp) < 60000);
	};
	Object.defineProperty(frame, "contentWindow", { value: inside });
	document.body.append(frame);
	globalThis.rendererReady = () => dispatchEvent(new MessageEvent("message", {
		data: { source: "forge-adf-renderer-ready" }, origin: "https://a.atlassian.net", source: inside,
	}));
	return () => { frame.remove(); undo(); };
}`

// rendered is a frame that is loaded and then reports that it is ready.
func rendered(about, context string) operationCase {
	return op("view.createAdfRendererIframeProps", about, context+`, "my-frame"`).page(withFrame).then(".onLoad", ``).back(`rendererReady()`).back(`rendererReady()`)
}

var frameCases = []operationCase{
	op("view.getFrameDispatch", "functions: called", ``).answers(`(...args) => { note("dispatch", ...args); return { got: args.length }; }`).
		then(".", `"a", {"b":[1,null]}`),
	op("view.getFrameDispatch", "functions: called without arguments", ``).answers(`() => { note("dispatch"); }`).then(".", ``),
	op("view.getFrameDispatch", "functions: one that throws", ``).answers(`() => { throw new Error("because of Z"); }`).
		then(".", ``).fails(rejected).saying("because of Z"),
	op("view.getFrameDispatch", "answers: a refusal", ``).host(hostRefuses).fails(rejected).saying("because of Z"),
	op("view.createAdfRendererIframeProps", "frames: with an id of one's own", `{"localId":"l","extension":{}}, "my-frame"`).page(framed),
	op("view.createAdfRendererIframeProps", "frames: with an id that is made up", `{"localId":"l","extension":{}}`).page(framed).
		view(`({ id, ...rest }) => ({ id: /^forge-adf-renderer-iframe-[0-9a-f-]{36}$/.test(id), ...rest })`),
	rendered("documents: a macro's body", `{"localId":"l","extension":{"macro":{"body":{"type":"doc","version":1,"content":[]}},"isEditing":true,"content":{"id":"7"}}}`),
	rendered("documents: none", `{"localId":"l","extension":{}}`),
	rendered("documents: not edited", `{"localId":"l","extension":{"macro":{"body":{"type":"doc"}},"isEditing":false}}`),
	op("view.createAdfRendererIframeProps", "frames: the page around is not known", `{"localId":"l","extension":{}}, "my-frame"`).
		page(`() => { Object.defineProperty(document, "referrer", { value: "", configurable: true }); return () => { delete document.referrer; }; }`).fails(noRenderer),
}
