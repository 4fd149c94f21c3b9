using System.Diagnostics;
using KerasCompat.Text;

namespace KerasCompat.Benchmarks;

/// <summary>Words a second from text to padded indices on one core, beside a loop that only splits at spaces.</summary>
internal static class TextThroughput
{
    private const int Texts = 2_000;
    private const int WordsInText = 100;

    public static void Print()
    {
        string[] ascii = Corpus("abcdefghijklmnoprstuvwy", 4711), accented = Corpus("abcdeéèüößçñабвгд", 4712);
        Console.WriteLine("| words a second, one core | million |");
        Console.WriteLine("|---|---:|");
        Row("tokenize and pad, English-like", ascii, Tokenize(ascii));
        Row("tokenize and pad, accents and Cyrillic", accented, Tokenize(accented));
        Row("string.Split(' ') alone", ascii, () => ascii.Sum(text => text.Split(' ').Length));
    }

    private static Func<int> Tokenize(string[] texts)
    {
        var tokenizer = new Tokenizer(new TokenizerOptions { NumWords = 5000, OovToken = "<OOV>" });
        tokenizer.FitOnTexts(texts);
        return () => Sequences.PadSequences(tokenizer.TextsToSequences(texts), 80).Length;
    }

    private static void Row(string name, string[] texts, Func<int> work)
    {
        work();
        double fastest = double.MaxValue;
        for (int i = 0; i < 15; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        Console.WriteLine(FormattableString.Invariant($"| {name} | {texts.Length * WordsInText / fastest / 1e6:F1} |"));
    }

    /// <summary>Short words, frequent ones first, with capitals and punctuation as in reviews.</summary>
    private static string[] Corpus(string letters, int seed)
    {
        var random = new Random(seed);
        string[] words = [.. Enumerable.Range(0, 20_000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(2, 8)).Select(_ => letters[random.Next(letters.Length)])))];
        return [.. Enumerable.Range(0, Texts).Select(_ => string.Join(' ', Enumerable.Range(0, WordsInText).Select(i =>
        {
            string word = words[(int)(words.Length * Math.Pow(random.NextDouble(), 3))];
            return i % 11 == 0 ? char.ToUpperInvariant(word[0]) + word[1..] + "," : word;
        })))];
    }
}
