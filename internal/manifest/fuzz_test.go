package manifest

import (
	"errors"
	"testing"
)

// Whatever the bytes, reading ends with a manifest or with errors that have a file, a text and a place inside it.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		tasks, tasksDev, dataDev, translated, titled, "", "a: &x [*x]\n", "modules: &m\n  <<: *m\n  macro: *m\n", "a: *b", "? [a]\n: b\n",
		"modules: {macro: [{key: a, resource: b}]}", "app: !!binary aGk=\n", "remotes:\n- key: 1\n  baseUrl: {default: \"\"}\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4<<10 {
			return // the parser is slow on deep nesting, and depth finds nothing new
		}
		src, err := parseSource("manifest.yml", data)
		if err != nil {
			checkFault(t, err)
			return
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
		again, err := parseSource("forgego.yml", data)
		if err != nil {
			t.Fatalf("parsed once, but then: %v", err)
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
		t.Fatalf("not a whole *Error: %#v", err)
	}
}
