package weburl

import (
	"strings"

	"github.com/forgego/forgego/internal/ascii"
)

// IsLoopback reports whether a host, without a port, is this machine: localhost, 127.0.0.0/8 or ::1, the last with or
// without brackets. The address must be written in full.
func IsLoopback(host string) bool {
	if rest, ok := strings.CutPrefix(host, "["); ok {
		host, ok = strings.CutSuffix(rest, "]")
		if !ok || !strings.Contains(host, ":") {
			return false
		}
	}
	if strings.IndexByte(host, ':') >= 0 {
		groups, ok := parseIPv6(host)
		return ok && groups == [8]uint16{7: 1}
	}
	name := ascii.Lower(host)
	if name == "localhost" {
		return true
	}
	address, ok := parseIPv4(name)
	return ok && address>>24 == 127 && formatIPv4(address) == name
}

// parseHost returns a host in the form that browsers use.
func parseHost(text string) (host string, ok bool) {
	if rest, isIPv6 := strings.CutPrefix(text, "["); isIPv6 {
		address, closed := strings.CutSuffix(rest, "]")
		groups, ok := parseIPv6(address)
		return "[" + formatIPv6(groups) + "]", closed && ok
	}
	if text == "" {
		return "", false
	}
	for i := 0; i < len(text); i++ {
		if c := text[i]; c <= ' ' || c >= 0x7F || strings.IndexByte(`#/:<>?@[\]^|%`, c) >= 0 {
			return "", false
		}
	}
	host = ascii.Lower(text)
	if !endsInNumber(host) {
		return host, true
	}
	address, ok := parseIPv4(host)
	return formatIPv4(address), ok
}

// endsInNumber reports whether browsers read a name as an IPv4 address.
func endsInNumber(name string) bool {
	name = strings.TrimSuffix(name, ".")
	last := name[strings.LastIndexByte(name, '.')+1:]
	if last == "" {
		return false
	}
	if strings.Trim(last, "0123456789") == "" {
		return true
	}
	_, ok := parseNumber(last)
	return ok
}

// parseIPv4 parses an address of one to four numbers, which may be octal or hexadecimal.
func parseIPv4(text string) (address uint32, ok bool) {
	text = strings.TrimSuffix(text, ".")
	count := strings.Count(text, ".") + 1
	if count > 4 {
		return 0, false
	}
	for i := 1; i < count; i++ {
		part, rest, _ := strings.Cut(text, ".")
		n, ok := parseNumber(part)
		if !ok || n > 255 {
			return 0, false
		}
		address |= uint32(n) << (32 - 8*i)
		text = rest
	}
	n, ok := parseNumber(text)
	if !ok || n >= 1<<(8*(5-count)) {
		return 0, false
	}
	return address | uint32(n), true
}

// parseNumber parses a part of an IPv4 address in lower case. If it is too large for any address, n is 1<<32.
func parseNumber(text string) (n uint64, ok bool) {
	if text == "" {
		return 0, false
	}
	base := uint64(10)
	if digits, found := strings.CutPrefix(text, "0x"); found {
		text, base = digits, 16
	} else if len(text) > 1 && text[0] == '0' {
		text, base = text[1:], 8
	}
	for i := 0; i < len(text); i++ {
		digit := digitOf(text[i])
		if digit >= base {
			return 0, false
		}
		n = min(n*base+digit, 1<<32)
	}
	return n, true
}

// digitOf returns the value of a hexadecimal digit in either case, or 16 if c is not one.
func digitOf(c byte) uint64 {
	switch {
	case '0' <= c && c <= '9':
		return uint64(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return uint64(c|0x20-'a') + 10
	}
	return 16
}

func formatIPv4(address uint32) string {
	return decimal(int(address>>24)) + "." + decimal(int(address>>16&255)) + "." + decimal(int(address>>8&255)) + "." + decimal(int(address&255))
}

// parseIPv6 parses an address without its brackets.
func parseIPv6(text string) (groups [8]uint16, ok bool) {
	n, compress := 0, -1
	if strings.HasPrefix(text, "::") {
		text, n, compress = text[2:], 1, 1
	} else if text == "" || text[0] == ':' {
		return groups, false
	}
	for text != "" {
		if n == 8 {
			return groups, false
		}
		if text[0] == ':' {
			if compress >= 0 {
				return groups, false
			}
			n++
			text, compress = text[1:], n
			continue
		}
		value, length := uint64(0), 0
		for length < 4 && length < len(text) && digitOf(text[length]) < 16 {
			value = value<<4 | digitOf(text[length])
			length++
		}
		if rest := text[length:]; rest != "" && rest[0] == '.' {
			high, low, ok := parseIPv4Tail(text)
			if !ok || n > 6 {
				return groups, false
			}
			groups[n], groups[n+1] = high, low
			n += 2
			break
		}
		text = text[length:]
		if text != "" {
			if text[0] != ':' || len(text) == 1 {
				return groups, false
			}
			text = text[1:]
		}
		groups[n] = uint16(value)
		n++
	}
	if compress < 0 {
		return groups, n == 8
	}
	// The groups after "::" belong at the end.
	var address [8]uint16
	copy(address[:], groups[:compress])
	copy(address[8-(n-compress):], groups[compress:n])
	return address, true
}

// parseIPv4Tail parses an IPv4 address at the end of an IPv6 address: four decimal numbers without leading zeros.
func parseIPv4Tail(text string) (high, low uint16, ok bool) {
	address, ok := parseIPv4(text)
	return uint16(address >> 16), uint16(address), ok && formatIPv4(address) == text
}

// formatIPv6 formats an address, with its longest run of zeros left out.
func formatIPv6(groups [8]uint16) string {
	const hex = "0123456789abcdef"
	start, length := -1, 1
	for i := 0; i < 8; i++ {
		j := i
		for j < 8 && groups[j] == 0 {
			j++
		}
		if j-i > length {
			start, length = i, j-i
		}
		i = max(i, j-1)
	}
	var b []byte
	for i := 0; i < 8; i++ {
		if i == start {
			b = append(b, "::"...)
			i += length - 1
			continue
		}
		if len(b) > 0 && b[len(b)-1] != ':' {
			b = append(b, ':')
		}
		for shift := 12; shift >= 0; shift -= 4 {
			if digit := groups[i] >> shift; digit > 0 || shift == 0 {
				b = append(b, hex[digit&15])
			}
		}
	}
	return string(b)
}
