using System.Buffers;
using System.Text;

namespace KerasCompat.Text;

/// <summary>Takes words one after another; the span is valid during the call only.</summary>
internal interface IWordSink
{
    void Add(ReadOnlySpan<char> word);
}

/// <summary>Keras's <c>text_to_word_sequence</c>: lower-case, put <c>split</c> for every filtered character, cut at <c>split</c>, drop empty pieces.</summary>
internal sealed class WordSplitter
{
    private readonly string _filters;
    private readonly string _split;
    private readonly bool _lower;

    /// <summary>Every character that ends a word, where that says it all: one character splits and none lies outside the BMP.</summary>
    private readonly SearchValues<char>? _separators;

    public WordSplitter(string filters, bool lower, string split, TokenizerGeneration generation)
    {
        if (split.Length == 0)
        {
            throw new ArgumentException("`split` is empty; Python: empty separator.", nameof(split));
        }

        if (generation == TokenizerGeneration.Keras1 && filters.Length > 0 && split.Length != 1)
        {
            throw new ArgumentException($"`split` is \"{split}\"; Keras 1 can split at one character only: the first two maketrans arguments must have equal length.", nameof(split));
        }

        (_filters, _lower, _split) = (filters, lower, split);
        if (split.Length == 1 && !(filters + split).Any(char.IsSurrogate))
        {
            _separators = SearchValues.Create(filters + split);
        }
    }

    /// <summary>Hands the words of a text to <paramref name="sink"/>.</summary>
    public void Split<TSink>(string text, ref TSink sink)
        where TSink : IWordSink, allows ref struct
    {
        if (!_lower)
        {
            Cut(text, ref sink);
            return;
        }

        char[] buffer = ArrayPool<char>.Shared.Rent(LowerCase.MaxLength(text.Length));
        try
        {
            Cut(buffer.AsSpan(0, LowerCase.Write(text, buffer)), ref sink);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private void Cut<TSink>(ReadOnlySpan<char> text, ref TSink sink)
        where TSink : IWordSink, allows ref struct
    {
        if (_separators is null)
        {
            CutAtText(Filtered(text), ref sink);
            return;
        }

        while (text.Length > 0)
        {
            int end = text.IndexOfAny(_separators);
            if (end < 0)
            {
                sink.Add(text);
                return;
            }

            if (end > 0)
            {
                sink.Add(text[..end]);
            }

            text = text[(end + 1)..];
        }
    }

    private void CutAtText<TSink>(ReadOnlySpan<char> text, ref TSink sink)
        where TSink : IWordSink, allows ref struct
    {
        while (text.Length > 0)
        {
            int end = text.IndexOf(_split);
            ReadOnlySpan<char> word = end < 0 ? text : text[..end];
            if (word.Length > 0)
            {
                sink.Add(word);
            }

            text = end < 0 ? default : text[(end + _split.Length)..];
        }
    }

    /// <summary>The text with <c>split</c> in place of every filtered code point: what stands beside it may join it into a separator.</summary>
    private string Filtered(ReadOnlySpan<char> text)
    {
        var filters = new HashSet<int>();
        for (int at = 0; at < _filters.Length;)
        {
            filters.Add(CodePoints.Next(_filters, ref at));
        }

        var filtered = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length;)
        {
            int start = at;
            if (filters.Contains(CodePoints.Next(text, ref at)))
            {
                filtered.Append(_split);
            }
            else
            {
                filtered.Append(text[start..at]);
            }
        }

        return filtered.ToString();
    }
}
