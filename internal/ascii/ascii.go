// Package ascii changes the case of the letters of ASCII, as the web's standards do. Package strings knows the letters of
// all languages, and its tables would make a front end larger.
package ascii

// Lower returns text with its ASCII letters in lower case. See https://infra.spec.whatwg.org/#ascii-lowercase
func Lower(text string) string { return flip(text, 'A', 'Z') }

// Upper returns text with its ASCII letters in upper case. See https://infra.spec.whatwg.org/#ascii-uppercase
func Upper(text string) string { return flip(text, 'a', 'z') }

// flip changes the case of the letters between from and to. Copies of it in Lower and Upper would make a front end larger.
//
//go:noinline
func flip(text string, from, to byte) string {
	for i := 0; i < len(text); i++ {
		if from <= text[i] && text[i] <= to {
			b := []byte(text)
			for ; i < len(b); i++ {
				if from <= b[i] && b[i] <= to {
					b[i] ^= 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return text
}
