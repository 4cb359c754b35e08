package devfile

import (
	"testing"

	"github.com/forgego/forgego/internal/manifest"
)

// Messages of the host suggest lines for forgego.yml. YAML must read each suggested key as the intended text.
func TestKey(t *testing.T) {
	for text, want := range map[string]string{
		"get-text_2": "get-text_2", "größe": "größe", "12": "12", "true": "true", "<<": `"\u003c\u003c"`,
		"*": `"*"`, "a: b": `"a: b"`, "a #b": `"a #b"`, "null": `"null"`, "1e3": `"1e3"`, "0x10": `"0x10"`, "-": "-", "---": "---", "": `""`, "x\ny": `"x\ny"`, "\"": `"\""`,
	} {
		got := Key(text)
		if got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
		value, err := manifest.ParseYAML("", []byte(got+": x"))
		if members, _ := value.(map[string]any); err != nil || members[text] != "x" {
			t.Errorf("YAML reads %s as %v, %v", got, value, err)
		}
	}
}
