using KerasCompat.Runtime;
using KerasCompat.Text;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>Topics <c>tokenizer</c> and <c>tokenizer-json</c>.</summary>
internal static class TokenizerTopic
{
    private static readonly string[] Modes = ["binary", "count", "tfidf", "freq"];

    /// <summary>A whole life: made, fitted, read out, used, once for each generation that lived it so.</summary>
    public static string? Lives(JObject line)
    {
        if (NotExpressible(line))
        {
            return "C#'s types do not let a caller write it: tuples, numbers and None as texts, unknown arguments";
        }

        foreach (TokenizerGeneration generation in line["keras"]!.Select(v => Generation((string)v!)).Distinct())
        {
            Live(line, generation);
        }

        return null;
    }

    /// <summary>A file of <c>to_json()</c>: what it converts, and that it is written back to the byte.</summary>
    public static string? Files(JObject line, string folder)
    {
        string file = (string)line["args"]!["file"]!;
        string json = File.ReadAllText(Path.Combine(folder, file));
        var tokenizer = Tokenizer.FromJson(json);
        Check.Equal(file.Contains("dumped-twice", StringComparison.Ordinal) ? (string)JToken.Parse(json)! : json, tokenizer.ToJson());
        string[] texts = [.. line["texts"]!.Select(TextCalls.Text)];
        Check.Rows(TextCalls.Rows(line["result"]!), tokenizer.TextsToSequences(texts));
        Check.Sequence(Table(line["word_index"]!), tokenizer.WordIndex);
        Check.Sequence(Table(line["word_counts"]!), tokenizer.WordCounts);
        TextCalls.Same(line["tfidf"]!, tokenizer.TextsToMatrix(texts.SkipLast(3), MatrixMode.TfIdf));
        return null;
    }

    private static void Live(JObject line, TokenizerGeneration generation)
    {
        JToken args = line["args"]!;
        Tokenizer Fitted()
        {
            var fitted = new Tokenizer(new TokenizerOptions
            {
                NumWords = (int?)args["num_words"],
                Filters = (string?)args["filters"] ?? TokenizerOptions.DefaultFilters,
                Lower = (bool?)args["lower"] ?? true,
                Split = (string?)args["split"] ?? " ",
                CharLevel = (bool?)args["char_level"] ?? false,
                OovToken = (string?)args["oov_token"],
                Analyzer = (string?)args["analyzer"]?["python"] switch
                {
                    null => null,
                    "text.split(\"-\")" => text => text.Split('-'),
                    _ => text => [text.ToUpperInvariant()[..2], text],
                },
                Generation = generation,
            });
            foreach (JToken fit in line["fit"]!)
            {
                Feed(fit, fitted.FitOnTexts, fitted.FitOnTexts);
            }

            if (line["fit_sequences"] is { } sequences)
            {
                fitted.FitOnSequences(TextCalls.Rows(sequences));
            }

            return fitted;
        }

        if (line["raises"] is not null)
        {
            Check.Refused(Fitted, typeof(ArgumentException));
            return;
        }

        Tokenizer tokenizer = Fitted();
        CheckState(line["state"]!, tokenizer);
        if (line["texts_to_sequences"]!["result"] is not { } wanted || wanted.SelectMany(row => row).Any(i => i.Type == JTokenType.Null))
        {
            // Never fitted: old Keras raises, newer ones write None for unknown words. Without an OOV token they are dropped here.
            if (tokenizer.Options.OovToken is not null)
            {
                Check.Refused(() => Sequences(line["texts"]!, tokenizer), typeof(InvalidOperationException));
            }

            return;
        }

        int[][] indices = Sequences(line["texts"]!, tokenizer);
        Check.Rows(TextCalls.Rows(wanted), indices);

        if (line["sequences_to_texts"] is { } back && generation == TokenizerGeneration.Current)
        {
            Check.Sequence(back["result"]!.Select(TextCalls.Text), tokenizer.SequencesToTexts(TextCalls.Rows(back["sequences"]!)));
        }

        foreach (string mode in Modes)
        {
            CheckMatrix(line[$"texts_to_matrix {mode}"]!, () => tokenizer.SequencesToMatrix(indices, Enum.Parse<MatrixMode>(mode, ignoreCase: true)));
        }

        if (line["sequences_to_matrix"] is { } counted)
        {
            CheckMatrix(counted, () => tokenizer.SequencesToMatrix(TextCalls.Rows(counted["sequences"]!), MatrixMode.Count));
        }
    }

    private static void CheckState(JToken state, Tokenizer tokenizer)
    {
        Check.Equal((int)state["document_count"]!, tokenizer.DocumentCount);
        Check.Sequence(Table(state["word_counts"]!), tokenizer.WordCounts);
        Check.Sequence(Table(state["word_docs"]!).OrderBy(p => p.Key, StringComparer.Ordinal), tokenizer.WordDocs.OrderBy(p => p.Key, StringComparer.Ordinal));
        if (state["word_index"] is { } index)
        {
            Check.Sequence(Table(index).OrderBy(p => p.Value), tokenizer.WordIndex.OrderBy(p => p.Value));
        }

        if (state["index_word"] is { } words)
        {
            Check.Sequence(TextCalls.Pairs(words).Select(p => KeyValuePair.Create((int)p.Key, TextCalls.Text(p.Value))).OrderBy(p => p.Key), tokenizer.IndexWord.OrderBy(p => p.Key));
        }

        if (state["index_docs"] is { } documents)
        {
            Check.Sequence(TextCalls.Pairs(documents).Select(p => KeyValuePair.Create((int)p.Key, (int)p.Value)).OrderBy(p => p.Key), tokenizer.IndexDocs.OrderBy(p => p.Key));
        }
    }

    private static void CheckMatrix(JToken want, Func<Tensor<double>> make)
    {
        if (want["raises"] is not null)
        {
            Check.Refused(make, typeof(InvalidOperationException));
            return;
        }

        TextCalls.Same(want["result"]!, make());
    }

    private static int[][] Sequences(JToken texts, Tokenizer tokenizer)
    {
        int[][] sequences = [];
        Feed(texts, t => sequences = tokenizer.TextsToSequences(t), t => sequences = tokenizer.TextsToSequences(t));
        return sequences;
    }

    private static void Feed(JToken texts, Action<IEnumerable<string>> whole, Action<IEnumerable<IReadOnlyList<string>>> split)
    {
        if (texts is JArray list && list.Any(t => t is JArray))
        {
            split(list.Select(words => words.Select(TextCalls.Text).ToArray()));
        }
        else
        {
            // One string is, to Python, a list of its characters.
            whole(texts is JValue { Value: string one } ? one.Select(c => c.ToString()) : texts.Select(TextCalls.Text));
        }
    }

    /// <summary>What C#'s types do not let a caller write: tuples, numbers and None as texts, unknown arguments.</summary>
    private static bool NotExpressible(JObject line) =>
        line["args"]!["unknown_option"] is not null || line["args"]!["document_count"] is not null
        || line["fit"]!.Any(fit => fit is JArray texts && texts.Any(t => t is JObject { Count: 1 } o && o["tuple"] is not null || t.Type is JTokenType.Null or JTokenType.Integer
            || (t is JArray words && (words.Any(w => w.Type == JTokenType.Integer) || (line["raises"] is not null && line.IsKeras("1.2.2"))))))
        || (line["args"]!["analyzer"] is not null && line["raises"] is not null);

    private static TokenizerGeneration Generation(string keras) => keras switch
    {
        "1.2.2" => TokenizerGeneration.Keras1,
        "2.1.6" => TokenizerGeneration.Keras21,
        _ => TokenizerGeneration.Current,
    };

    private static IEnumerable<KeyValuePair<string, int>> Table(JToken pairs) => TextCalls.Pairs(pairs).Select(p => KeyValuePair.Create(TextCalls.Text(p.Key), (int)p.Value));
}
