using System.Globalization;
using KerasCompat.Layers;
using KerasCompat.Layers.Tests;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text.Tests;

/// <summary>Layers that take text or categories: given what Keras's layer had learned, they answer as it did.</summary>
public class StringLayerTests
{
    [Theory]
    [InlineData("lookup", 143, 8, 330, 24)]
    [InlineData("vectorization", 70, 7, 129, 4)]
    [InlineData("categories", 81, 18, 191, 37)]
    public void Layers_answer_as_in_Keras(string topic, int layers, int layersLeftOut, int answers, int answersLeftOut)
    {
        int calls = 0, left = 0;
        (int count, int skipped) = Calls.Check(topic, line =>
        {
            if (line["calls"] is null)
            {
                return false; // refused when it was made; a file cannot hold such a layer
            }

            foreach (JToken call in line["calls"]!)
            {
                _ = Answers(line, call) ? calls++ : left++;
            }

            return true;
        });
        Assert.Equal((layers, layersLeftOut, answers, answersLeftOut), (count, skipped, calls, left));
    }

    /// <summary>All 64 bits of both hashes, by their remainders.</summary>
    [Fact]
    public void Hashes_are_those_of_TensorFlow()
    {
        (int count, _) = Calls.Check("hashes", line =>
        {
            var text = new Tensor<string>(new[] { Calls.Text(line["args"]!["text"]!) }, new Shape([1]));
            foreach (int bins in new[] { int.MaxValue, 1 << 30 })
            {
                ulong farm = ulong.Parse((string)line["farmhash64"]!, CultureInfo.InvariantCulture);
                Assert.Equal((long)(farm % (ulong)bins), LayerRun.Of(LayerRun.Make("Hashing", $$"""{"num_bins": {{bins}}}"""), text).As<long>()[0]);
                foreach (JToken salted in line["siphash24"]!)
                {
                    string config = $$"""{"num_bins": {{bins}}, "salt": [{{Key(0)}}, {{Key(1)}}]}""";
                    long Key(int half) => unchecked((long)ulong.Parse((string)salted["key"]![half]!, CultureInfo.InvariantCulture));
                    ulong sip = ulong.Parse((string)salted["hash"]!, CultureInfo.InvariantCulture);
                    Assert.Equal((long)(sip % (ulong)bins), LayerRun.Of(LayerRun.Make("Hashing", config), text).As<long>()[0]);
                }
            }

            return true;
        });
        Assert.Equal(249, count);
    }

    /// <summary>What TensorFlow strips, lowers and splits at, over every character of the BMP.</summary>
    [Fact]
    public void Texts_are_standardized_as_in_TensorFlow()
    {
        int tables = 0;
        string[] texts = [.. Enumerable.Range(0, 0x10000).Where(c => c is < 0xD800 or > 0xDFFF).Select(c => $"a{(char)c}b")];
        foreach (JObject line in Calls.Of("unicode").Where(l => ((string)l["call"]!).StartsWith("TextVectorization", StringComparison.Ordinal)))
        {
            if (line["separators"] is { } separators)
            {
                string[] pieces = Texts(texts, (g, x) => g.SplitText(x, TextSplitMode.Whitespace, [], 2));
                Assert.Equal(separators.Select(c => (int)c), texts.Select((t, i) => (Char: (int)t[1], Split: pieces[(2 * i) + 1].Length > 0)).Where(p => p.Split).Select(p => p.Char));
            }
            else
            {
                string how = (string)line["args"]!["standardize"]!;
                string[] done = Texts(texts, (g, x) => g.StandardizeText(x, how.StartsWith("lower", StringComparison.Ordinal), how.EndsWith("punctuation", StringComparison.Ordinal)));
                HashSet<int> stripped = [.. line["stripped"]!.Select(c => (int)c)];
                var changed = line["changed"]!.ToDictionary(r => (int)r[0]!, r => (int)r[1]!);
                Assert.Equal(texts.Select(t => stripped.Contains(t[1]) ? "ab" : $"a{(char)changed.GetValueOrDefault(t[1], t[1])}b"), done);
            }

            tables++;
        }

        Assert.Equal(4, tables);
    }

    private static string[] Texts(string[] texts, Func<GraphBuilder, Value, Value> build)
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.String, new SymbolicShape([Dim.Symbol("batch")]));
        return new Runtime.Cpu.CpuExecutable(g.Build([x], [build(g, x)])).Run([new Tensor<string>(texts, new Shape([texts.Length]))])[0].As<string>().ToArray();
    }

    /// <summary>What Keras refuses at a call and is computed here.</summary>
    private static readonly string[] AnsweredHere =
    [
        "maximum supported output rank", // tf.keras refuses what Keras 3 computes; no file can hold it
        "Input values must be in the range", // CategoryEncoding: tf.keras refuses categories that Keras 3 leaves out
        "must be non-negative", // CategoryEncoding: TensorFlow refuses to count what it leaves out in a one-hot row
        "Table not initialized", // a vocabulary without words
    ];

    private static bool Answers(JObject line, JToken call)
    {
        string name = (string)line["call"]!;
        if (line["args"]!["sparse"] is not null || line["args"]!["encoding"] is not null || call["count_weights"] is not null)
        {
            return false; // sparse tensors are not represented; another encoding garbles the vocabulary that was written down
        }

        if (call["result"]?["ragged"] is JArray rows)
        {
            RaggedTensor ragged = LayerRun.Ragged(LayerRun.Make(name, Config(line, call).ToString()), Tensor(call["input"]!));
            Assert.Equal(rows.Count, ragged.Rows.Count);
            Assert.Equal(rows.Select(Numbers), ragged.Rows.Select(r => r.Cast(DType.Float64).As<double>().ToArray()));
            return true;
        }

        Tensor Answer()
        {
            JObject config = Config(line, call);
            Layer layer = LayerRun.Make(name, config.ToString());
            Tensor[] weights = line["weights"]?["idf_weights"] is { } idf ? [Tensor(idf)] : [];
            return call["input"]!["tuple"] is { } several
                ? LayerRun.Masked(layer, [.. several.Select(x => (Tensor(x), (Tensor?)null))]).Output
                : LayerRun.Of(layer, Tensor(call["input"]!), weights);
        }

        if (call["raises"] is { } raises)
        {
            if (AnsweredHere.Any(((string)raises["message"]!).Contains))
            {
                return false;
            }

            Exception? e = Record.Exception(() => Answer());
            Assert.True(e is not null, $"answered; expected {raises.ToString(Newtonsoft.Json.Formatting.None)} for {call["input"]!.ToString(Newtonsoft.Json.Formatting.None)}");
            return true;
        }

        Tensor answer = Answer();
        JToken want = call["result"]!;
        if ((string)want["dtype"]! == "str")
        {
            Assert.Equal(want["data"]!.Select(Calls.Text), answer.As<string>().ToArray());
            Assert.Equal(Calls.Shape(want), answer.Shape.Dims.ToArray());
        }
        else
        {
            Calls.Equal(want, answer.Shape.Dims.ToArray(), answer.Cast(DType.Float64).As<double>().Span);
        }

        return true;
    }

    private static double[] Numbers(JToken nested) => [.. ((JContainer)nested).DescendantsAndSelf().OfType<JValue>().Select(v => (double)v)];

    /// <summary>The arguments as a canonical config, with what the layer learned.</summary>
    private static JObject Config(JObject line, JToken call)
    {
        var config = new JObject();
        foreach (JProperty argument in ((JObject)line["args"]!).Properties())
        {
            config[argument.Name] = argument.Value is JObject value ? (value["tuple"] ?? value["data"])! : argument.Value;
        }

        if (line["vocabulary"] is { } vocabulary)
        {
            config["vocabulary"] = vocabulary;
            config.Remove("idf_weights");
        }

        if (line["weights"]?["bin_boundaries"] is { } boundaries)
        {
            config["bin_boundaries"] = boundaries["data"];
        }

        if ((string)line["call"]! == "CategoryEncoding")
        {
            return config;
        }

        config["output_dtype"] = (string?)call["result"]?["dtype"] switch { null => "int64", "str" => "string", var dtype => dtype };
        return config;
    }

    private static Tensor Tensor(JToken array)
    {
        var shape = new Shape(Calls.Shape(array));
        string dtype = (string)array["dtype"]!;
        if (dtype == "str")
        {
            return new Tensor<string>(array["data"]!.Select(Calls.Text).ToArray(), shape);
        }

        Assert.True(DTypes.TryParse(dtype, out DType type));
        return type is DType.Int64 or DType.Int32
            ? new Tensor<long>(array["data"]!.Select(i => (long)i).ToArray(), shape).Cast(type)
            : new Tensor<double>(array["data"]!.Select(Calls.Number).ToArray(), shape).Cast(type);
    }
}
