using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
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

    /// <summary>
    /// <c>pickle.dumps({"the": int64(1), "of": int32(-2), "big": uint64(2**64 - 1), "w": uint16(40000), "y": bool_(True), "f": float32(0.5),
    /// "h": float16(-1.5), "d": float64(1e300), "be": array([300], ">i2")[0]}, protocol)</c> with NumPy 1.24.2, in base64.
    /// </summary>
    [Theory]
    [InlineData("KGRwMApWdGhlCnAxCmNudW1weS5jb3JlLm11bHRpYXJyYXkKc2NhbGFyCnAyCihjbnVtcHkKZHR5cGUKcDMKKFZpOApwNApJMDAKSTAxCnRwNQpScDYKKEkzClY8CnA3Ck5OTkktMQpJLTEKSTAKdHA4CmJjX2NvZGVjcwplbmNvZGUKcDkKKFYBXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwCnAxMApWbGF0aW4xCnAxMQp0cDEyClJwMTMKdHAxNApScDE1CnNWb2YKcDE2CmcyCihnMwooVmk0CnAxNwpJMDAKSTAxCnRwMTgKUnAxOQooSTMKZzcKTk5OSS0xCkktMQpJMAp0cDIwCmJnOQooVv7///8KcDIxCmcxMQp0cDIyClJwMjMKdHAyNApScDI1CnNWYmlnCnAyNgpnMgooZzMKKFZ1OApwMjcKSTAwCkkwMQp0cDI4ClJwMjkKKEkzCmc3Ck5OTkktMQpJLTEKSTAKdHAzMApiZzkKKFb//////////wpwMzEKZzExCnRwMzIKUnAzMwp0cDM0ClJwMzUKc1Z3CnAzNgpnMgooZzMKKFZ1MgpwMzcKSTAwCkkwMQp0cDM4ClJwMzkKKEkzCmc3Ck5OTkktMQpJLTEKSTAKdHA0MApiZzkKKFZAnApwNDEKZzExCnRwNDIKUnA0Mwp0cDQ0ClJwNDUKc1Z5CnA0NgpnMgooZzMKKFZiMQpwNDcKSTAwCkkwMQp0cDQ4ClJwNDkKKEkzClZ8CnA1MApOTk5JLTEKSS0xCkkwCnRwNTEKYmc5CihWAQpwNTIKZzExCnRwNTMKUnA1NAp0cDU1ClJwNTYKc1ZmCnA1NwpnMgooZzMKKFZmNApwNTgKSTAwCkkwMQp0cDU5ClJwNjAKKEkzCmc3Ck5OTkktMQpJLTEKSTAKdHA2MQpiZzkKKFZcdTAwMDBcdTAwMDBcdTAwMDA/CnA2MgpnMTEKdHA2MwpScDY0CnRwNjUKUnA2NgpzVmgKcDY3CmcyCihnMwooVmYyCnA2OApJMDAKSTAxCnRwNjkKUnA3MAooSTMKZzcKTk5OSS0xCkktMQpJMAp0cDcxCmJnOQooVlx1MDAwML4KcDcyCmcxMQp0cDczClJwNzQKdHA3NQpScDc2CnNWZApwNzcKZzIKKGczCihWZjgKcDc4CkkwMApJMDEKdHA3OQpScDgwCihJMwpnNwpOTk5JLTEKSS0xCkkwCnRwODEKYmc5CihWnHVcdTAwMDCIPOQ3fgpwODIKZzExCnRwODMKUnA4NAp0cDg1ClJwODYKc1ZiZQpwODcKZzIKKGczCihWaTIKcDg4CkkwMApJMDEKdHA4OQpScDkwCihJMwpnNwpOTk5JLTEKSS0xCkkwCnRwOTEKYmc5CihWLAEKcDkyCmcxMQp0cDkzClJwOTQKdHA5NQpScDk2CnMu")]
    [InlineData("gAJ9cQAoWAMAAAB0aGVxAWNudW1weS5jb3JlLm11bHRpYXJyYXkKc2NhbGFyCnECY251bXB5CmR0eXBlCnEDWAIAAABpOHEEiYiHcQVScQYoSwNYAQAAADxxB05OTkr/////Sv////9LAHRxCGJjX2NvZGVjcwplbmNvZGUKcQlYCAAAAAEAAAAAAAAAcQpYBgAAAGxhdGluMXELhnEMUnENhnEOUnEPWAIAAABvZnEQaAJoA1gCAAAAaTRxEYmIh3ESUnETKEsDaAdOTk5K/////0r/////SwB0cRRiaAlYCAAAAMO+w7/Dv8O/cRVoC4ZxFlJxF4ZxGFJxGVgDAAAAYmlncRpoAmgDWAIAAAB1OHEbiYiHcRxScR0oSwNoB05OTkr/////Sv////9LAHRxHmJoCVgQAAAAw7/Dv8O/w7/Dv8O/w7/Dv3EfaAuGcSBScSGGcSJScSNYAQAAAHdxJGgCaANYAgAAAHUycSWJiIdxJlJxJyhLA2gHTk5OSv////9K/////0sAdHEoYmgJWAMAAABAwpxxKWgLhnEqUnErhnEsUnEtWAEAAAB5cS5oAmgDWAIAAABiMXEviYiHcTBScTEoSwNYAQAAAHxxMk5OTkr/////Sv////9LAHRxM2JoCVgBAAAAAXE0aAuGcTVScTaGcTdScThYAQAAAGZxOWgCaANYAgAAAGY0cTqJiIdxO1JxPChLA2gHTk5OSv////9K/////0sAdHE9YmgJWAQAAAAAAAA/cT5oC4ZxP1JxQIZxQVJxQlgBAAAAaHFDaAJoA1gCAAAAZjJxRImIh3FFUnFGKEsDaAdOTk5K/////0r/////SwB0cUdiaAlYAwAAAADCvnFIaAuGcUlScUqGcUtScUxYAQAAAGRxTWgCaANYAgAAAGY4cU6JiIdxT1JxUChLA2gHTk5OSv////9K/////0sAdHFRYmgJWAsAAADCnHUAwog8w6Q3fnFSaAuGcVNScVSGcVVScVZYAgAAAGJlcVdoAmgDWAIAAABpMnFYiYiHcVlScVooSwNoB05OTkr/////Sv////9LAHRxW2JoCVgCAAAALAFxXGgLhnFdUnFehnFfUnFgdS4=")]
    [InlineData("gASVIAIAAAAAAAB9lCiMA3RoZZSMFW51bXB5LmNvcmUubXVsdGlhcnJheZSMBnNjYWxhcpSTlIwFbnVtcHmUjAVkdHlwZZSTlIwCaTiUiYiHlFKUKEsDjAE8lE5OTkr/////Sv////9LAHSUYkMIAQAAAAAAAACUhpRSlIwCb2aUaARoB4wCaTSUiYiHlFKUKEsDaAtOTk5K/////0r/////SwB0lGJDBP7///+UhpRSlIwDYmlnlGgEaAeMAnU4lImIh5RSlChLA2gLTk5OSv////9K/////0sAdJRiQwj//////////5SGlFKUjAF3lGgEaAeMAnUylImIh5RSlChLA2gLTk5OSv////9K/////0sAdJRiQwJAnJSGlFKUjAF5lGgEaAeMAmIxlImIh5RSlChLA4wBfJROTk5K/////0r/////SwB0lGJDAQGUhpRSlIwBZpRoBGgHjAJmNJSJiIeUUpQoSwNoC05OTkr/////Sv////9LAHSUYkMEAAAAP5SGlFKUjAFolGgEaAeMAmYylImIh5RSlChLA2gLTk5OSv////9K/////0sAdJRiQwIAvpSGlFKUjAFklGgEaAeMAmY4lImIh5RSlChLA2gLTk5OSv////9K/////0sAdJRiQwicdQCIPOQ3fpSGlFKUjAJiZZRoBGgHjAJpMpSJiIeUUpQoSwNoC05OTkr/////Sv////9LAHSUYkMCLAGUhpRSlHUu")]
    public void Numbers_of_numpy_are_numbers(string base64)
    {
        byte[] pickle = Convert.FromBase64String(base64);
        Check(pickle);
        Check(Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(pickle).Replace("cnumpy.core.", "cnumpy._core.", StringComparison.Ordinal)));

        static void Check(byte[] pickle)
        {
            var got = Assert.IsType<OrderedDictionary<object, object?>>(Pickle.Read(pickle));
            Assert.Equal(["the", "of", "big", "w", "y", "f", "h", "d", "be"], got.Keys);
            Assert.Equal([1L, -2L, new BigInteger(ulong.MaxValue), 40000L, true, 0.5, -1.5, 1e300, 300L], got.Values);
        }
    }

    /// <summary>Python 2 writes bytes and text alike; a byte order may be the other one.</summary>
    [Theory]
    [InlineData("'i4'", "'<'", "\\xc8\\x00\\x00\\x00", 200L)]
    [InlineData("'i4'", "'>'", "\\x00\\x00\\x01\\x2c", 300L)]
    [InlineData("'i1'", "'|'", "\\xff", -1L)]
    [InlineData("'f4'", "'<'", "\\x00\\x00\\x00?", 0.5)]
    public void Numbers_of_numpy_under_Python_2_are_numbers(string code, string order, string bytes, object expected) =>
        Assert.Equal(expected, Pickle.Read(NumpyScalar(code, $"(I3\nS{order}\nNNNI-1\nI-1\nI0\nt", bytes)));

    [Theory]
    [InlineData("'i4'", "(I3\nS'<'\nNNNI-1\nI-1\nI0\nt", "\\x01\\x00\\x00")] // a byte too few
    [InlineData("'i4'", "(I3\nS'<'\nNNNI-1\nI-1\nI0\nt", "\\x01\\x00\\x00\\x00\\x00")] // a byte too many
    [InlineData("'O8'", "(I3\nS'|'\nNNNI-1\nI-1\nI63\nt", "\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00")] // an object
    [InlineData("'U1'", "(I3\nS'<'\nNNNI4\nI4\nI8\nt", "a\\x00\\x00\\x00")]
    [InlineData("'c16'", "(I3\nS'<'\nNNNI-1\nI-1\nI0\nt", "")]
    [InlineData("'i4'", "(I3\nS'?'\nNNNI-1\nI-1\nI0\nt", "\\x01\\x00\\x00\\x00")]
    [InlineData("'i4'", "(I3\nS'<'\nNN(I1\ntI-1\nI-1\nI0\nt", "\\x01\\x00\\x00\\x00")] // fields
    [InlineData("'i4'", "(I3\nt", "\\x01\\x00\\x00\\x00")]
    public void Other_things_of_numpy_are_refused(string code, string state, string bytes) =>
        Assert.Throws<ModelFormatException>(() => Pickle.Read(NumpyScalar(code, state, bytes)));

    [Theory]
    [InlineData("c_codecs\nencode\n(V\\u0141\nVlatin1\ntR.")]
    [InlineData("c_codecs\nencode\n(Va\nVrot13\ntR.")]
    [InlineData("cnumpy\ndtype\n(S'i4'\nI0\nI1\ntR(Va\nVlatin1\ntR.")]
    public void Calls_that_make_no_bytes_are_refused(string pickle) => Assert.Throws<ModelFormatException>(() => Pickle.Read(Encoding.Latin1.GetBytes(pickle)));

    /// <remarks>fit_on_sequences was given texts, whose letters it counted as if they were indices.</remarks>
    [Fact]
    public void What_a_tokenizer_counted_beside_indices_does_not_hinder()
    {
        byte[] pickle = Encoding.Latin1.GetBytes(
            "\u0080\u0002ckeras.preprocessing.text\nTokenizer\n)\u0081}(Vword_index\n}(Vday\nK\u0001uVindex_docs\n}(K\u0001K\u0002Vp\nK\u0003uub.");
        Tokenizer tokenizer = Tokenizer.FromPickle(pickle);
        Assert.Equal([KeyValuePair.Create(1, 2)], tokenizer.IndexDocs);
        Assert.Equal([1], tokenizer.TextsToSequences(["day"])[0]);
    }

    private static byte[] NumpyScalar(string code, string state, string bytes) =>
        Encoding.Latin1.GetBytes($"cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(S{code}\nI0\nI1\ntR{state}bS'{bytes}'\ntR.");

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
