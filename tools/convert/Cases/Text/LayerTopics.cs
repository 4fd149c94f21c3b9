using System.Globalization;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>Topics <c>lookup</c>, <c>vectorization</c>, <c>categories</c> and <c>hashes</c>: layers made as in Keras, adapted to the same data, called.</summary>
internal static class LayerTopics
{
    /// <summary>tf.keras adapts to arrays in batches of so many rows.</summary>
    private const int RowsOfABatch = 32;

    /// <summary>What Keras refuses and is computed here, with the reason; no file can hold it.</summary>
    private static readonly (string Message, string Reason)[] AnsweredHere =
    [
        ("maximum supported output rank", "tf.keras refuses what Keras 3 computes"),
        ("Input values must be in the range", "CategoryEncoding: tf.keras refuses categories that Keras 3 leaves out"),
        ("must be non-negative", "CategoryEncoding: TensorFlow refuses to count what it leaves out in a one-hot row"),
        ("Table not initialized", "a vocabulary without words"),
        ("HashTableV2", "vocabulary_dtype int32, which TensorFlow has no table for"),
        ("Only `vocabulary_dtype='int64'`", "vocabulary_dtype int32, which TensorFlow has no table for"),
        ("`sparse` may only be true", "sparse outputs are dense here, so the flag changes nothing"),
        ("argument of layer TextVectorization. Allowed values are: `None`, or one of the following values: ('int', 'count', 'multi_hot', 'tf_idf')", "TextVectorization: tf.keras refuses one_hot, Keras 3 computes it"),
        ("Both `num_bins` and `bin_boundaries` should not be set", "Discretization: a constructor takes one of the two; a config of an adapted layer has both"),
        ("`output_sequence_length` must not be set if ragged is True", "TextVectorization: tf.keras refuses a length of ragged rows, Keras 3 cuts them"),
        ("Graph execution error", "tf.keras fails to count documents of several tokens; Keras 3 does not"),
    ];

    /// <summary>A layer's life under each Keras that lived it so.</summary>
    public static string? Layers(JObject line)
    {
        string? left = null;
        foreach (string keras in line["keras"]!.Select(v => (string)v!))
        {
            left = Life(line, keras);
        }

        return left;
    }

    /// <summary>All 64 bits of both hashes, by their remainders.</summary>
    public static string? Hashes(JObject line)
    {
        var text = new Tensor<string>(new[] { TextCalls.Text(line["args"]!["text"]!) }, new Shape([1]));
        ulong farm = ulong.Parse((string)line["farmhash64"]!, CultureInfo.InvariantCulture);
        foreach (int bins in new[] { int.MaxValue, 1 << 30 })
        {
            Check.Equal((long)(farm % (ulong)bins), Bin(new JObject { ["num_bins"] = bins }));
            foreach (JToken salted in line["siphash24"]!)
            {
                ulong sip = ulong.Parse((string)salted["hash"]!, CultureInfo.InvariantCulture);
                Check.Equal((long)(sip % (ulong)bins), Bin(new JObject { ["num_bins"] = bins, ["salt"] = new JArray(salted["key"]!.Select(Key)) }));
            }
        }

        return null;

        long Bin(JObject config) => PreprocessingLayer.Create("Hashing", config.ToString()).Call(text).As<long>()[0];
        static long Key(JToken half) => unchecked((long)ulong.Parse((string)half!, CultureInfo.InvariantCulture));
    }

    private static string? Life(JObject line, string keras)
    {
        string name = (string)line["call"]!;
        JObject args = Arguments(line["args"]!);
        PreprocessingLayer Make()
        {
            var layer = PreprocessingLayer.Create(name, args.ToString(), keras);
            if (line["adapt"] is { } data)
            {
                layer.Adapt(Batches(line, TextCalls.Array(data), keras));
            }

            return layer;
        }

        if (args["encoding"] is not null)
        {
            return "another encoding garbles the vocabulary that was written down";
        }

        if (line["raises"] is { } refused)
        {
            if (Answered(refused) is { } why)
            {
                return why;
            }

            Check.Refused(Make, typeof(KerasCompatException));
            return null;
        }

        if ((int?)(args["ngrams"] as JValue) == 0)
        {
            Check.Refused(Make, typeof(KerasCompatException)); // Keras answers with a vocabulary without words
            return null;
        }

        PreprocessingLayer made = Make();
        string? left = null;
        foreach (JToken call in line["calls"]!)
        {
            left = Call(made, call) ?? left;
        }

        CheckState(line, made);

        return left;
    }

    private static string? Call(PreprocessingLayer layer, JToken call)
    {
        if (call["result"]?["ragged"] is JArray rows)
        {
            RaggedTensor ragged = layer.CallRagged(TextCalls.Array(call["input"]!));
            Check.Equal(rows.Count, ragged.Rows.Count);
            foreach ((JToken want, Tensor got) in rows.Zip(ragged.Rows))
            {
                Check.Sequence(((JContainer)want).DescendantsAndSelf().OfType<JValue>().Select(v => (double)v), got.Cast(DType.Float64).As<double>().ToArray());
            }

            return null;
        }

        Tensor Answer() => call["count_weights"] is { } weights
            ? layer.Call(TextCalls.Array(call["input"]!), new Dictionary<string, Tensor> { ["count_weights"] = TextCalls.Array(weights) })
            : layer.Call([.. (call["input"]!["tuple"] is { } several ? several : new JArray(call["input"]!)).Select(TextCalls.Array)]);
        if (call["raises"] is { } raises)
        {
            if (Answered(raises) is { } why)
            {
                return why;
            }

            Check.Refused(Answer, typeof(KerasCompatException), typeof(ArgumentException));
            return null;
        }

        TextCalls.Same(call["result"]!, Answer());
        return null;
    }

    private static void CheckState(JObject line, PreprocessingLayer layer)
    {
        if (line["vocabulary"] is { } vocabulary)
        {
            Tensor found = layer.Layer.GetVocabulary();
            Check.Sequence(vocabulary.Select(TextCalls.Text), found.DType == DType.String ? found.As<string>().ToArray() : found.As<long>().ToArray().Select(n => n.ToString(CultureInfo.InvariantCulture)));
            Check.Equal((int)line["vocabulary_size"]!, found.Length);
        }

        if (line["weights"]?["bin_boundaries"] is { } boundaries)
        {
            float[] found = [.. layer.Layer.GetBinBoundaries()];
            TextCalls.Same(boundaries, Tensor.From(found, found.Length));
        }

        if (line["weights"]?["idf_weights"] is { } idf && layer.Layer.IsBuilt)
        {
            TextCalls.Same(idf, layer.Layer.GetWeights().Single());
        }
    }

    private static string? Answered(JToken raises) =>
        AnsweredHere.FirstOrDefault(a => ((string)raises["message"]!).Contains(a.Message, StringComparison.Ordinal)).Reason;

    private static IEnumerable<Tensor> Batches(JObject line, Tensor data, string keras)
    {
        int size = (int?)line["adapt_batch_size"] ?? (keras.StartsWith('2') ? RowsOfABatch : data.Shape[0]);
        for (int at = 0; at < data.Shape[0]; at += size)
        {
            yield return data.Rows(at, Math.Min(size, data.Shape[0] - at));
        }
    }

    /// <summary>The arguments as JSON alone: tuples and arrays as lists.</summary>
    private static JObject Arguments(JToken args) =>
        new(((JObject)args).Properties().Select(p => new JProperty(p.Name, p.Value is JObject packed ? packed["tuple"] ?? packed["data"] : p.Value)));
}
