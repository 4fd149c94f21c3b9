using KerasCompat.Runtime;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text.Tests;

public class TokenizerTests
{
    private static readonly string[] Modes = ["binary", "count", "tfidf", "freq"];

    /// <summary>A whole life: made, fitted, read out, used, once for each generation that lived it so.</summary>
    [Fact]
    public void Tokenizers_live_as_in_Keras()
    {
        int lives = 0;
        (int count, int left) = Calls.Check("tokenizer", line =>
        {
            if (NotExpressible(line))
            {
                return false;
            }

            foreach (TokenizerGeneration generation in line["keras"]!.Select(v => Generation((string)v!)).Distinct())
            {
                Live(line, generation);
                lives++;
            }

            return true;
        });
        Assert.Equal(216, count + left);
        Assert.Equal((186, 30, 229), (count, left, lives));
    }

    [Fact]
    public void Tokenizer_files_convert_as_in_Keras_and_are_written_back_to_the_byte()
    {
        (int count, _) = Calls.Check("tokenizer-json", line =>
        {
            string file = (string)line["args"]!["file"]!;
            string json = File.ReadAllText(Fixtures.Path("text", file));
            var tokenizer = Tokenizer.FromJson(json);
            Assert.Equal(file.Contains("dumped-twice") ? (string)JToken.Parse(json)! : json, tokenizer.ToJson());
            string[] texts = [.. line["texts"]!.Select(Calls.Text)];
            Assert.Equal(Calls.Rows(line["result"]!), tokenizer.TextsToSequences(texts));
            Assert.Equal(Table(line["word_index"]!), tokenizer.WordIndex);
            Assert.Equal(Table(line["word_counts"]!), tokenizer.WordCounts);
            Tensor<double> matrix = tokenizer.TextsToMatrix(texts.SkipLast(3), MatrixMode.TfIdf);
            Calls.Equal(line["tfidf"]!, matrix.Shape.Dims.ToArray(), matrix.Span);
            return true;
        });
        Assert.Equal(36, count);
    }

    [Theory]
    [InlineData("{}", "class_name")]
    [InlineData("{\"class_name\":\"Tokenizer\"}", "config")]
    [InlineData("{\"class_name\":\"Tokenizer\",\"config\":{}}", "word_index")]
    [InlineData("{\"class_name\":\"Tokenizer\",\"config\":{\"word_index\":\"{\\\"a\\\": 1.5}\"}}", "\"a\"")]
    [InlineData("{\"class_name\":\"Tokenizer\",\"config\":{\"word_index\":\"{\"}}", "word_index")]
    [InlineData("{\"class_name\":\"Tokenizer\",\"config\":{\"word_index\":\"{}\",\"stemmer\":1}}", "stemmer")]
    [InlineData("{\"class_name\":\"Tokenizer\",\"config\":{\"word_index\":\"{}\",\"lower\":\"yes\"}}", "lower")]
    [InlineData("{\"class_name\":\"Tokenizer\",\"config\":{\"word_index\":\"{}\",\"index_word\":{\"one\":\"a\"}}}", "\"one\"")]
    [InlineData("not json", "tokenizer")]
    public void What_is_no_tokenizer_is_refused_by_place(string json, string place) =>
        Assert.Contains(place, Assert.Throws<ModelFormatException>(() => Tokenizer.FromJson(json)).Message);

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
                fitted.FitOnSequences(Calls.Rows(sequences));
            }

            return fitted;
        }

        if (line["raises"] is not null)
        {
            Assert.ThrowsAny<ArgumentException>(Fitted);
            return;
        }

        Tokenizer tokenizer = Fitted();
        CheckState(line["state"]!, tokenizer);
        if (line["texts_to_sequences"]!["result"] is not { } wanted || wanted.SelectMany(row => row).Any(i => i.Type == JTokenType.Null))
        {
            // Never fitted: old Keras raises, newer ones write None for unknown words. Without an OOV token they are dropped here.
            if (tokenizer.Options.OovToken is not null)
            {
                Assert.Throws<InvalidOperationException>(() => Sequences(line["texts"]!, tokenizer));
            }

            return;
        }

        int[][] indices = Sequences(line["texts"]!, tokenizer);
        Assert.Equal(Calls.Rows(wanted), indices);

        if (line["sequences_to_texts"] is { } back && generation == TokenizerGeneration.Current)
        {
            Assert.Equal(back["result"]!.Select(Calls.Text), tokenizer.SequencesToTexts(Calls.Rows(back["sequences"]!)));
        }

        foreach (string mode in Modes)
        {
            CheckMatrix(line[$"texts_to_matrix {mode}"]!, () => tokenizer.SequencesToMatrix(indices, Enum.Parse<MatrixMode>(mode, ignoreCase: true)));
        }

        if (line["sequences_to_matrix"] is { } counted)
        {
            CheckMatrix(counted, () => tokenizer.SequencesToMatrix(Calls.Rows(counted["sequences"]!), MatrixMode.Count));
        }
    }

    private static void CheckState(JToken state, Tokenizer tokenizer)
    {
        Assert.Equal((int)state["document_count"]!, tokenizer.DocumentCount);
        Assert.Equal(Table(state["word_counts"]!), tokenizer.WordCounts);
        Assert.Equal(Table(state["word_docs"]!).ToDictionary(), new Dictionary<string, int>(tokenizer.WordDocs));
        if (state["word_index"] is { } index)
        {
            Assert.Equal(Table(index).OrderBy(p => p.Value), tokenizer.WordIndex.OrderBy(p => p.Value));
        }

        if (state["index_word"] is { } words)
        {
            Assert.Equal(Calls.Pairs(words).ToDictionary(p => (int)p.Key, p => Calls.Text(p.Value)), new Dictionary<int, string>(tokenizer.IndexWord));
        }

        if (state["index_docs"] is { } documents)
        {
            Assert.Equal(Calls.Pairs(documents).ToDictionary(p => (int)p.Key, p => (int)p.Value), new Dictionary<int, int>(tokenizer.IndexDocs));
        }
    }

    private static void CheckMatrix(JToken want, Func<Tensor<double>> make)
    {
        if (want["raises"] is not null)
        {
            Assert.Throws<InvalidOperationException>(make);
            return;
        }

        Tensor<double> matrix = make();
        Calls.Equal(want["result"]!, matrix.Shape.Dims.ToArray(), matrix.Span);
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
            split(list.Select(words => words.Select(Calls.Text).ToArray()));
        }
        else
        {
            // One string is, to Python, a list of its characters.
            whole(texts is JValue { Value: string one } ? one.Select(c => c.ToString()) : texts.Select(Calls.Text));
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

    private static IEnumerable<KeyValuePair<string, int>> Table(JToken pairs) => Calls.Pairs(pairs).Select(p => KeyValuePair.Create(Calls.Text(p.Key), (int)p.Value));
}
