using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace KerasCompat.Text;

/// <summary>Keras's functions on single texts.</summary>
public static class Words
{
    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <summary>Keras's <c>text_to_word_sequence</c>: the words of a text.</summary>
    /// <remarks>Lower-cases, puts <paramref name="split"/> for each filtered character, cuts there and drops what is empty. A carriage return or a no-break space separates nothing.</remarks>
    /// <param name="text">The text.</param>
    /// <param name="filters">Characters that end a word.</param>
    /// <param name="lower">Whether to lower-case, as Python does it.</param>
    /// <param name="split">The text that separates words.</param>
    /// <param name="generation">Keras 1 splits at a single character only.</param>
    /// <exception cref="ArgumentException"><paramref name="split"/> is empty.</exception>
    public static string[] TextToWordSequence(
        string text,
        string filters = TokenizerOptions.DefaultFilters,
        bool lower = true,
        string split = " ",
        TokenizerGeneration generation = TokenizerGeneration.Current)
    {
        var sink = new ListSink([]);
        new WordSplitter(filters, lower, split, generation).Split(text, ref sink);
        return [.. sink.Words];
    }

    /// <summary>Keras's <c>hashing_trick</c> with <c>hash_function='md5'</c>: an index for each word, <c>md5(word) mod (n - 1) + 1</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="n">Indices are 1 to n - 1; several words may share one.</param>
    /// <param name="options">How the text is split.</param>
    /// <exception cref="ArgumentException"><paramref name="n"/> is less than 2, or a word has a lone surrogate, which UTF-8 cannot write.</exception>
    public static long[] HashingTrick(string text, long n, TokenizerOptions? options = null) => HashingTrick(text, n, Md5, options);

    /// <summary>Keras's <c>hashing_trick</c> with a hash function of the caller.</summary>
    /// <exception cref="ArgumentException"><paramref name="n"/> is less than 2.</exception>
    public static long[] HashingTrick(string text, long n, Func<string, BigInteger> hash, TokenizerOptions? options = null)
    {
        if (n < 2)
        {
            throw new ArgumentException($"n is {n}; expected 2 or more: indices are 1 to n - 1.", nameof(n));
        }

        options ??= new TokenizerOptions();
        var sink = new ListSink([]);
        new TokenizerText(text).Split(options, new WordSplitter(options.Filters, options.Lower, options.Split, options.Generation), ref sink);
        return [.. sink.Words.Select(word => 1 + (long)Remainder(hash(word), n - 1))];
    }

    /// <summary>Keras's <c>one_hot</c>, which cannot be reproduced: it hashes with Python's own <c>hash</c>, whose key is drawn anew by every process.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static long[] OneHot(string text, long n) => throw new NotSupportedException(
        "one_hot and hashing_trick without a hash function use Python's hash(), keyed by a random number that every Python process draws anew "
        + "(unless PYTHONHASHSEED is set): a model trained on such indices cannot be used in another process, not even in Python. Train with hashing_trick(hash_function='md5') and use HashingTrick.");

    /// <summary>The 128 bits of MD5 over the word's UTF-8 as one number.</summary>
    private static BigInteger Md5(string word)
    {
        try
        {
            return new BigInteger(MD5.HashData(Utf8.GetBytes(word)), isUnsigned: true, isBigEndian: true);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"\"{word}\" has a surrogate without its other half, which UTF-8 cannot write; Python raises UnicodeEncodeError."), nameof(word), e);
        }
    }

    /// <summary>Python's modulo: never negative.</summary>
    private static BigInteger Remainder(BigInteger value, long by)
    {
        var remainder = BigInteger.Remainder(value, by);
        return remainder.Sign < 0 ? remainder + by : remainder;
    }

    private readonly record struct ListSink(List<string> Words) : IWordSink
    {
        public void Add(ReadOnlySpan<char> word) => Words.Add(word.ToString());
    }
}
