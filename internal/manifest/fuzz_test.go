package manifest

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// For any bytes, reading returns a manifest, or errors with a file, a text and a place inside it.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		tasks, tasksDev, dataDev, translated, titled, "", "a: &x [*x]\n", "modules: &m\n  <<: *m\n  macro: *m\n", "a: *b", "? [a]\n: b\n",
		"%YAML 1.2\n---\n? app\n: &a {id: !!str 1e3}\n...\n", "a: \"x\n y\\\n\n z\"\nb: [c,\n 'd\n  e']\n", "a: &b x\r\n\t\r\nc: *b\r\n",
		"0x1F: .inf\n~: 0o7\n<<: {a: b}\n", "- - ? |+\n\n  x", "a: &a [*a, &b c, *b, *b]\n", "\"日本\": 🎉\u2028\n", "--- >\n...\n---\n",
		"modules: {macro: [{key: a, resource: b}]}", "app: !!binary aGk=\n", "remotes:\n- key: 1\n  baseUrl: {default: \"\"}\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		src, err := parseMapping("manifest.yml", data)
		if err != nil {
			checkFault(t, err)
			return
		}
		if _, err := json.Marshal(src.root.json()); err != nil {
			t.Fatalf("the value cannot be encoded as JSON: %v", err)
		}
		m := read(src)
		for _, fault := range src.sorted() {
			checkFault(t, fault)
		}
		src.faults = nil
		src.readTranslations(src.root.get("translations"))
		src.checkModuleKeys(nil, "en.json")
		for _, fault := range src.faults {
			checkFault(t, fault)
		}
		_ = m.CheckWasm(&Dev{Frontends: map[string]Frontend{"main": {}}})
		again, err := parseMapping("forgego.yml", data)
		if err != nil {
			t.Fatalf("parsed once, but not a second time: %v", err)
		}
		parseDev(again).checkKeys(m)
		for _, fault := range again.faults {
			checkFault(t, fault)
		}
	})
}

func checkFault(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok || e.File == "" || e.Msg == "" || e.Error() == "" {
		t.Fatalf("not a complete *Error: %#v", err)
	}
	if strings.ContainsAny(e.Error(), "\x1b\r\u202e") && !strings.ContainsAny(e.Msg, "\x1b\r\u202e") {
		t.Fatalf("the error contains control characters: %q", e.Error())
	}
}
