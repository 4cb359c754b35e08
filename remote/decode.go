package remote

import (
	"bytes"
	"fmt"
	"math"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDate is the end of the year 9999, in seconds since 1970. A later date was written in milliseconds.
const maxDate = 253402300799

// registered holds the claims that every JWT has and that [Claims] does not export.
type registered struct {
	Issuer   string
	Audience []string
}

// payload is the JSON of a token's claims.
type payload struct {
	Issuer    string   `json:"iss"`
	Audience  audience `json:"aud"`
	Expiry    *float64 `json:"exp"` // in seconds since 1970
	NotBefore *float64 `json:"nbf"`
	IssuedAt  *float64 `json:"iat"`
	*Claims
}

// audience is a string or a list of strings.
type audience struct{ texts }

func (a *audience) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() != '"' {
		return a.texts.UnmarshalJSONFrom(dec)
	}
	text, err := dec.ReadToken()
	a.texts = texts{text.String()}
	return err
}

// parseClaims parses the payload of a token. The claims keep data.
func parseClaims(data []byte) (*Claims, error) {
	c := &Claims{}
	p := payload{Claims: c}
	if unmarshal(data, &p) != nil {
		return nil, fmt.Errorf("%w: claims are not a JSON object with members of the expected types", ErrMalformed)
	}
	if p.Expiry == nil {
		return nil, fmt.Errorf("%w: no exp", ErrMalformed)
	}
	for _, date := range []struct {
		name    string
		seconds *float64
		to      *time.Time
	}{{"exp", p.Expiry, &c.ExpiresAt}, {"nbf", p.NotBefore, &c.NotBefore}, {"iat", p.IssuedAt, &c.IssuedAt}} {
		if date.seconds == nil {
			continue
		}
		if *date.seconds < 0 || *date.seconds > maxDate {
			return nil, fmt.Errorf("%w: %s is not a time in seconds since 1970", ErrMalformed, date.name)
		}
		*date.to = time.UnixMilli(int64(math.Floor(*date.seconds * 1000)))
	}
	c.registered = registered{p.Issuer, p.Audience.texts}
	c.Raw = data
	return c, nil
}

// labelOf returns the icLabel of claims that are not verified yet, or "". It selects the keys that must verify the token. It
// only searches for the name: the claims are parsed after the signature is verified, and must then have the same label.
func labelOf(payload []byte) string {
	depth := 0
	for at := 0; at < len(payload); at++ {
		switch payload[at] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			name, rest := cutText(payload[at:])
			at = len(payload) - len(rest) - 1
			if depth == 1 && string(name) == "icLabel" {
				if value, ok := bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(":")); ok {
					label, _ := cutText(bytes.TrimLeft(value, " \t\r\n"))
					return string(label)
				}
			}
		}
	}
	return ""
}

// cutText returns the content of the JSON string at the start of data, with its escapes, and the rest of data. It returns nil
// for both if data does not start with a string.
func cutText(data []byte) (text, rest []byte) {
	if len(data) == 0 || data[0] != '"' {
		return nil, nil
	}
	for at := 1; at < len(data); at++ {
		switch data[at] {
		case '\\':
			at++
		case '"':
			return data[1:at], data[at+1:]
		}
	}
	return nil, nil
}
