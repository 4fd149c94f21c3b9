namespace KerasCompat.Runtime;

/// <summary>Reads the Python dict literal of a <c>.npy</c> header: texts, booleans and tuples of whole numbers.</summary>
internal sealed class NpyLiteral(string text, string place)
{
    private const int MaxRank = 64; // numpy's own limit

    private int _at;

    /// <summary>The dict's keys; the caller reads each value before it asks for the next key.</summary>
    public IEnumerable<string> DictKeys()
    {
        Expect('{');
        while (!Accept('}'))
        {
            string key = Text();
            Expect(':');
            yield return key;
            if (!Accept(','))
            {
                Expect('}');
                break;
            }
        }

        SkipBlanks();
        if (_at < text.Length)
        {
            throw Wrong("text after the dict", "the end of the header");
        }
    }

    public string Text()
    {
        SkipBlanks();
        char quote = Peek();
        if (quote is '[' or '(')
        {
            throw new ModelFormatException(place, "a structured array (records with fields)", "one type for all elements",
                "save each field as an array of its own");
        }

        int end = quote is '\'' or '"' ? text.IndexOf(quote, _at + 1) : -1;
        if (end < 0)
        {
            throw Wrong(Rest(), "a quoted text");
        }

        string value = text[(_at + 1)..end];
        _at = end + 1;
        return value;
    }

    public bool Bool()
    {
        SkipBlanks();
        foreach ((string word, bool value) in new[] { ("True", true), ("False", false) })
        {
            if (text.AsSpan(_at).StartsWith(word))
            {
                _at += word.Length;
                return value;
            }
        }

        throw Wrong(Rest(), "True or False");
    }

    public long[] Tuple()
    {
        Expect('(');
        var items = new List<long>();
        while (!Accept(')'))
        {
            SkipBlanks();
            int start = _at;
            while (char.IsAsciiDigit(Peek()))
            {
                _at++;
            }

            if (!long.TryParse(text.AsSpan(start, _at - start), System.Globalization.NumberStyles.None, null, out long value))
            {
                throw Wrong(Rest(), "a size that fits 64 bits");
            }

            Accept('L'); // Python 2 wrote long integers as 3L
            items.Add(value);
            if (items.Count > MaxRank)
            {
                throw Wrong($"more than {MaxRank} axes", "a shape");
            }

            if (!Accept(','))
            {
                Expect(')');
                break;
            }
        }

        return [.. items];
    }

    public ModelFormatException Wrong(string found, string expected) =>
        new(place, $"{found} in the .npy header", expected, "the file is damaged");

    private string Rest() => _at < text.Length ? $"'{text.AsSpan(_at, Math.Min(20, text.Length - _at)).Trim()}'" : "the end";

    private char Peek() => _at < text.Length ? text[_at] : '\0';

    private void SkipBlanks()
    {
        while (Peek() is ' ' or '\n' or '\t' or '\r')
        {
            _at++;
        }
    }

    private bool Accept(char c)
    {
        SkipBlanks();
        if (Peek() != c)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(char c)
    {
        if (!Accept(c))
        {
            throw Wrong(Rest(), $"'{c}'");
        }
    }
}
