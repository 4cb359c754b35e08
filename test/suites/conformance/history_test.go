package conformance

// history is a host whose history records its calls and calls its listeners, as the package history does.
const history = `(command) => {
	let listeners = [];
	let blockers = [];
	const tell = (action, location) => {
		history.location = location; history.action = action;
		for (const listener of listeners) listener(location, action);
	};
	const at = (to) => typeof to === "string" ? { pathname: to, search: "", hash: "" } : { pathname: "/", search: "", hash: "", ...to };
	const history = {
		action: "POP", length: 1,
		location: { pathname: "/start", search: "?a=1", hash: "#h", state: { from: "host" } },
		push(...args) { note("push", ...args); tell("PUSH", { ...at(args[0]), state: args[1] }); },
		replace(...args) { note("replace", ...args); tell("REPLACE", { ...at(args[0]), state: args[1] }); },
		go(...args) { note("go", ...args); tell("POP", at("/went")); },
		goBack(...args) { note("goBack", ...args); tell("POP", at("/back")); },
		goForward(...args) { note("goForward", ...args); tell("POP", at("/forward")); },
		createHref(...args) { note("createHref", ...args); return "/href"; },
		listen(listener) { note("listen", listener); listeners.push(listener); return () => { note("unlisten"); listeners = listeners.filter((l) => l !== listener); }; },
		block(blocker) { note("block", blocker); blockers.push(blocker); return () => { note("unblock"); blockers = blockers.filter((b) => b !== blocker); }; },
	};
	globalThis.hostTells = tell;
	return history;
}`

func historyCase(about string) operationCase {
	return op("view.createHistory", about, ``).host(history)
}

const oneListener = "The host gets one listener, with the history; each of the program's own is called by that one, so that all hear a change in the same order"

var historyCases = []operationCase{
	historyCase("history: created"),
	op("view.createHistory", "history: a refusal", ``).host(hostRefuses).fails(rejected).saying("because of Z"),
	historyCase("history: push").then(".push", `"/a?b=c#d"`).then(".location", ``),
	historyCase("history: push of a location").then(".push", `{"pathname":"/a","search":"?b=c","hash":"#d"}`).then(".location", ``),
	historyCase("history: push with a state").then(".push", `"/a", {"n":[1,null]}`).then(".location", ``),
	historyCase("history: replace").then(".replace", `"/a"`).then(".location", ``),
	historyCase("history: replace with a state").then(".replace", `"/a", "state"`).then(".location", ``),
	historyCase("history: go").then(".go", `-2`).then(".location", ``),
	historyCase("history: go by 0").then(".go", `0`),
	historyCase("history: back").then(".goBack", ``).then(".location", ``),
	historyCase("history: forward").then(".goForward", ``).then(".location", ``),
	historyCase("history: where it begins").then(".location", ``),
	historyCase("history: the host moves").back(`hostTells("POP", { pathname: "/b", search: "", hash: "" })`).then(".location", ``),
	historyCase("history: a listener").then(".listen", `{"$function":"moved"}`).as("unlisten").
		then(".push", `"/a"`).then(".replace", `"/b"`).then(".go", `1`).sends(oneListener),
	historyCase("history: a listener that is told by the host").then(".listen", `{"$function":"moved"}`).as("unlisten").
		back(`hostTells("POP", { pathname: "/b", search: "", hash: "", state: 5 })`).sends(oneListener),
	historyCase("history: a listener that leaves").then(".listen", `{"$function":"moved"}`).as("unlisten").
		then(".push", `"/a"`).then("unlisten→.", ``).then(".push", `"/b"`).sends(oneListener),
	historyCase("history: two listeners").then(".listen", `{"$function":"first"}`).as("one").
		then(".listen", `{"$function":"second"}`).as("two").then(".push", `"/a"`).then("one→.", ``).then(".push", `"/b"`).sends(oneListener),
	historyCase("history: a block").then(".block", `"Leave?"`).as("unblock").then("unblock→.", ``),
}
