package bridgetest

import (
	"bytes"
	"encoding/json"
	"strings"
)

// widest is the length of the longest JSON line, in bytes. A longer value is broken into several lines.
const widest = 100

// layout formats a JSON value. If it does not fit on one line, each member or element is on its own line, in order.
func layout(data []byte) string {
	var compact bytes.Buffer
	if json.Compact(&compact, data) != nil {
		return string(data)
	}
	var b strings.Builder
	layoutValue(&b, compact.Bytes(), "")
	return b.String()
}

// layoutValue writes a compact value on a line that starts with indent.
func layoutValue(b *strings.Builder, value []byte, indent string) {
	isObject := value[0] == '{'
	if len(indent)+len(value) <= widest || !isObject && value[0] != '[' {
		b.Write(value)
		return
	}
	d := json.NewDecoder(bytes.NewReader(value))
	_, _ = d.Token() // the value is valid: the opening bracket
	b.WriteByte(value[0])
	for first := true; d.More(); first = false {
		if !first {
			b.WriteByte(',')
		}
		b.WriteString("\n" + indent + "  ")
		if isObject {
			name, _ := d.Token()
			quoted, _ := json.Marshal(name)
			b.Write(quoted)
			b.WriteString(": ")
		}
		var inner json.RawMessage
		_ = d.Decode(&inner)
		layoutValue(b, inner, indent+"  ")
	}
	b.WriteString("\n" + indent)
	b.WriteByte(value[len(value)-1])
}
