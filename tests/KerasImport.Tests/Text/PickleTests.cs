using System.Collections;
using System.Globalization;
using System.Numerics;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text.Tests;

public class PickleTests
{
    public static TheoryData<string> Files => [.. Fixtures.Cases("pickles").Select(c => (string)c["name"]!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Pickles_hold_what_Python_put_in_or_are_refused_by_name(string name)
    {
        JObject test = Fixtures.Cases("pickles").Single(c => (string)c["name"]! == name);
        byte[] bytes = File.ReadAllBytes(Fixtures.Path("pickles", (string)test["pickle"]!));
        Assert.True(Pickle.Looks(bytes) || (int)test["protocol"]! < 2);
        if ((string)test["expect"]! == "refuse")
        {
            var refusal = Assert.Throws<UnsupportedModelException>(() => Pickle.Read(bytes));
            Assert.Contains(((string)test["note"]!).Split(' ')[0], refusal.Message);
            return;
        }

        JObject holds = JObject.Parse(File.ReadAllText(Fixtures.Path("pickles", (string)test["holds"]!)));
        if ((string)test["kind"]! == "Tokenizer")
        {
            CheckTokenizer(holds, Tokenizer.FromPickle(bytes), (string)test["keras"]!);
            return;
        }

        JToken value = holds["value"]!;
        CheckValue((string)test["kind"]! is "list" or "tuple" ? value : new JObject(value.Select(p => new JProperty((string)p[0]!, p[1]))), Pickle.Read(bytes));
    }

    /// <summary>Every outcome of a damaged pickle is a value or one of our exceptions, and soon.</summary>
    [Fact]
    public void Mutated_pickles_are_read_or_refused()
    {
        var random = new Random(20240607);
        var limits = new ReadLimits { MaxObjects = 10_000 };
        int read = 0, refused = 0;
        foreach (JObject test in Fixtures.Cases("pickles"))
        {
            byte[] whole = File.ReadAllBytes(Fixtures.Path("pickles", (string)test["pickle"]!));
            for (int i = 0; i < 60; i++)
            {
                byte[] bytes = Mutated(whole, random);
                try
                {
                    AssertPlain(Pickle.Read(bytes, limits: limits), []);
                    read++;
                }
                catch (KerasCompatException)
                {
                    refused++;
                }
            }
        }

        Assert.Equal(124 * 60, read + refused);
        Assert.True(read > 200 && refused > 5000, $"{read} read, {refused} refused");
    }

    [Theory]
    [InlineData("cos\nsystem\n(S'true'\ntR.", "os.system")]
    [InlineData("cbuiltins\neval\n0cos\nsystem\n.", "builtins.eval")]
    [InlineData("cbuiltins\neval\n0cos\nsystem\n.", "os.system")]
    [InlineData("(ios\nsystem\n.", "os.system")]
    [InlineData("(S'true'\nios\nsystem\n.", "os.system")]
    [InlineData("Pdisk-37\n.", "disk-37")]
    [InlineData("\u0082\u0001.", "extension 1")]
    [InlineData("cos\nsystem\n(S'tru", "os.system")]
    public void What_a_pickle_would_run_is_told(string pickle, string name) =>
        Assert.Contains(name, Assert.Throws<UnsupportedModelException>(() => Pickle.Read(pickle.Select(c => (byte)c).ToArray())).Message);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("N")]
    [InlineData("(.")]
    [InlineData("t.")]
    [InlineData("(I1\ne.")]
    [InlineData("g0\n.")]
    [InlineData("}(I1\nu.")]
    [InlineData("}]I1\ns.")]
    [InlineData("X\u00FF\u00FF\u00FF\u00FFab.")]
    [InlineData("\u0080\u0006N.")]
    [InlineData("ckeras.preprocessing.text\nTokenizer\n)\u0081.")]
    [InlineData("ckeras.preprocessing.text\nTokenizer\n)\u0081}b(I1\nl.")]
    [InlineData("c__builtin__\nint\n(I5\ntR.")]
    [InlineData("X\u0002\u0000\u0000\u0000\u00C3(.")]
    public void Broken_pickles_are_refused(string pickle)
    {
        if (pickle.EndsWith("l.", StringComparison.Ordinal))
        {
            // A Tokenizer without attributes beside the value that is returned.
            Assert.IsType<List<object?>>(Pickle.Read(pickle.Select(c => (byte)c).ToArray()));
            return;
        }

        Assert.Throws<ModelFormatException>(() => Pickle.Read(pickle.Select(c => (byte)c).ToArray()));
    }

    [Fact]
    public void A_pickle_of_many_containers_reaches_the_limit()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)']', 5000), (byte)'.'];
        Assert.Throws<ResourceLimitException>(() => Pickle.Read(bytes, limits: new ReadLimits { MaxObjects = 1000 }));
    }

    [Fact]
    public void Whole_numbers_keep_their_size()
    {
        byte[] longs = [0x80, 2, 0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte)'.'];
        Assert.Equal(BigInteger.Pow(2, 64), Pickle.Read(longs));
        Assert.Equal(-1L, Pickle.Read([0x80, 2, 0x8A, 1, 0xFF, (byte)'.']));
        Assert.Equal(0L, Pickle.Read([0x80, 2, 0x8A, 0, (byte)'.']));
    }

    /// <summary>Data and nothing else, all the way down.</summary>
    private static void AssertPlain(object? value, HashSet<object> seen)
    {
        Assert.True(
            value is null or bool or long or BigInteger or double or string or byte[] or List<object?> or object?[] or OrderedDictionary<object, object?> or HashSet<object> or Tokenizer,
            $"a {value?.GetType()}");
        if (value is IEnumerable items and not string and not byte[] && seen.Add(value))
        {
            foreach (object? item in value is OrderedDictionary<object, object?> pairs ? pairs.Values : items)
            {
                AssertPlain(item, seen);
            }
        }
    }

    private static byte[] Mutated(byte[] whole, Random random)
    {
        byte[] bytes = [.. whole];
        switch (random.Next(4))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                int at = random.Next(bytes.Length);
                return [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]];
            default:
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                return bytes;
        }
    }

    private static void CheckTokenizer(JObject holds, Tokenizer tokenizer, string keras)
    {
        Assert.Equal(holds["sequences"]!.Select(row => row.Select(i => (int)i).ToArray()), tokenizer.TextsToSequences(holds["texts"]!.Select(t => (string)t!)));
        JObject attributes = (JObject)holds["attributes"]!;
        Assert.Equal((int?)attributes["num_words"] ?? (int?)attributes["nb_words"], tokenizer.Options.NumWords);
        Assert.Equal((string?)attributes["filters"], tokenizer.Options.Filters);
        Assert.Equal((bool)attributes["char_level"]!, tokenizer.Options.CharLevel);
        Assert.Equal((string?)attributes["oov_token"], tokenizer.Options.OovToken);
        Assert.Equal((int)attributes["document_count"]!, tokenizer.DocumentCount);
        Assert.Equal(keras.StartsWith('1') ? TokenizerGeneration.Keras1 : TokenizerGeneration.Current, tokenizer.Options.Generation);
        Assert.Equal(Pairs(attributes["word_counts"]!), tokenizer.WordCounts.Select(p => (p.Key, (long)p.Value)));
        Assert.Equal(Pairs(attributes["word_docs"]!), tokenizer.WordDocs.Select(p => (p.Key, (long)p.Value)));
        Assert.Equal(Pairs(attributes["word_index"]!), tokenizer.WordIndex.Select(p => (p.Key, (long)p.Value)));
        Assert.Equal(attributes["index_docs"]?.Select(p => ((int)p[0]!, (int)p[1]!)) ?? [], tokenizer.IndexDocs.Select(p => (p.Key, p.Value)));
    }

    private static IEnumerable<(string, long)> Pairs(JToken pairs) => pairs.Select(p => ((string)p[0]!, (long)p[1]!));

    private static void CheckValue(JToken want, object? got)
    {
        switch (want)
        {
            case JObject pairs:
                var dictionary = Assert.IsType<OrderedDictionary<object, object?>>(got);
                Assert.Equal(pairs.Properties().Select(p => p.Name), dictionary.Keys.Cast<string>());
                foreach (JProperty pair in pairs.Properties())
                {
                    CheckValue(pair.Value, dictionary[pair.Name]);
                }

                break;
            case JArray items:
                object?[] list = [.. Assert.IsAssignableFrom<IEnumerable>(got).Cast<object?>()];
                Assert.Equal(items.Count, list.Length);
                for (int i = 0; i < list.Length; i++)
                {
                    CheckValue(items[i], list[i]);
                }

                break;
            default:
                object? plain = ((JValue)want).Value;
                Assert.Equal(Convert.ToString(plain, CultureInfo.InvariantCulture), Convert.ToString(got, CultureInfo.InvariantCulture));
                Assert.Equal(plain?.GetType(), got?.GetType());
                break;
        }
    }
}
