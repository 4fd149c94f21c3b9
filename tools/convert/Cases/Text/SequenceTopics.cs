using KerasCompat.Runtime;
using KerasCompat.Text;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>Topics <c>padding</c>, <c>skipgrams</c>, <c>timeseries</c> and <c>numbers</c>.</summary>
internal static class SequenceTopics
{
    public static string? Padding(JObject line)
    {
        JToken args = line["args"]!;
        string dtype = args["dtype"] is JObject ? "object" : (string?)args["dtype"] ?? "int32";
        if (args["sequences"] is not JArray sequences || sequences.Any(s => s is not JArray) || (string?)args["padding"] == "middle" || (string?)args["truncating"] == "middle")
        {
            Check.That(line["raises"] is not null, "C#'s types cannot say it, and Keras answers");
            return "what C#'s types cannot say: no lists, padding in the middle";
        }

        bool texts = sequences.SelectMany(s => s).Any(x => x.Type == JTokenType.String);
        if (texts && (line["raises"] is not null || dtype != "object"))
        {
            return "text to numbers and back, and text cut to a fixed width, are numpy's";
        }

        if (dtype == "str")
        {
            return "numbers as numpy prints them";
        }

        Tensor Pad()
        {
            PadSide padding = Side(args["padding"]), truncating = Side(args["truncating"]);
            int? length = (int?)args["maxlen"];
            return texts
                ? Sequences.PadSequences([.. sequences.Select(s => s.Select(TextCalls.Text).ToArray())], length, padding, truncating, (string?)args["value"])
                : Sequences.PadSequences([.. sequences.Select(Sequence)], length, dtype == "object" ? DType.Float64 : TextCalls.Type(dtype), padding, truncating, args["value"] is { } v ? TextCalls.Number(v) : 0);
        }

        if (line["raises"] is { } raised)
        {
            Check.Refused(Pad, (string)raised["type"]! == "OverflowError" ? typeof(OverflowException) : typeof(ArgumentException));
        }
        else if (!line.IsKeras("3.15.1") && line["keras"]!.Count() == 4)
        {
            Check.Refused(Pad, typeof(OverflowException)); // numpy before 2 wrapped round what newer ones refuse
        }
        else if (texts)
        {
            Check.Sequence(line["result"]!["data"]!.Select(TextCalls.Text), Pad().As<string>().ToArray());
        }
        else
        {
            Tensor padded = Pad();
            Check.Equal(dtype == "object" ? DType.Float64 : TextCalls.Type(dtype), padded.DType);
            TextCalls.Same(line["result"]!, padded);
            CheckFlat(args, padded);
        }

        return null;
    }

    public static string? SkipGrams(JObject line)
    {
        JToken args = line["args"]!;
        if ((string)line["call"]! == "make_sampling_table")
        {
            double[] table = Sequences.MakeSamplingTable((int)args["size"]!, (double)args["sampling_factor"]!);
            TextCalls.Same(line["result"]!, Tensor.From(table, table.Length));
            return null;
        }

        SkipGramPairs pairs = Sequences.SkipGrams(
            [.. args["sequence"]!.Select(i => (int)i)],
            (int)args["vocabulary_size"]!,
            (int?)args["window_size"] ?? 4,
            (double?)args["negative_samples"] ?? 1,
            (bool?)args["shuffle"] ?? true,
            args["sampling_table"]?.Select(p => (double)p).ToArray(),
            (int?)args["seed"],
            new PythonRandom(1));
        JToken couples = line["result"]!["tuple"]![0]!, labels = line["result"]!["tuple"]![1]!;
        Check.Sequence(couples.Select(c => ((int)c[0]!, (int)c[1]!)), pairs.Couples);
        if ((bool?)args["categorical"] ?? false)
        {
            Check.Sequence(labels.Select(l => ((int)l[0]!, (int)l[1]!)), pairs.CategoricalLabels);
        }
        else
        {
            Check.Sequence(labels.Select(l => (int)l), pairs.Labels);
        }

        return null;
    }

    public static string? Timeseries(JObject line)
    {
        JToken args = line["args"]!;
        if (line["keras"]!.All(v => (string)v! == "2.1.6"))
        {
            return "float64 targets, and no windows where the rate does not divide the length";
        }

        Tensor data = TextCalls.Array(args["data"]!);
        Tensor? targets = args["targets"] is null or { Type: JTokenType.Null } ? null : TextCalls.Array(args["targets"]!);
        if ((string)line["call"]! == "TimeseriesGenerator")
        {
            TimeseriesGenerator Make() => new(
                data,
                targets!,
                (int)args["length"]!,
                (int?)args["sampling_rate"] ?? 1,
                (int?)args["stride"] ?? 1,
                (int?)args["start_index"] ?? 0,
                (int?)args["end_index"],
                null,
                (bool?)args["reverse"] ?? false,
                (int?)args["batch_size"] ?? 128);
            if (line["raises"] is not null)
            {
                Check.Refused(Make, typeof(ArgumentException));
                return null;
            }

            TimeseriesGenerator generator = Make();
            var want = TextCalls.Pairs(line["result"]!).ToDictionary(p => (string)p.Key!, p => p.Value);
            Check.Equal((int)want["len"], generator.Count);
            Batches(want["batches"], Enumerable.Range(0, generator.Count).Select(i => (generator[i].Samples, (Tensor?)generator[i].Targets)));
            return null;
        }

        IEnumerable<(Tensor, Tensor?)> Dataset() => TimeseriesDataset.FromArray(
            data,
            targets,
            (int)args["sequence_length"]!,
            (int?)args["sequence_stride"] ?? 1,
            (int?)args["sampling_rate"] ?? 1,
            args["batch_size"] is { } size ? (int?)size : 128,
            (int?)args["start_index"],
            (int?)args["end_index"]);
        if (line["raises"] is not null)
        {
            Check.Refused(Dataset, typeof(ArgumentException));
        }
        else
        {
            Batches(line["result"]!, Dataset());
        }

        return null;
    }

    public static string? Numbers(JObject line)
    {
        JToken args = line["args"]!;
        if ((string)line["call"]! == "normalize")
        {
            if (line.IsKeras("3.15.1") && (int)args["axis"]! == 0 && line["keras"]!.Count() == 1)
            {
                return "Keras 3 divides along the last axis by norms along the first";
            }

            TextCalls.Same(line["result"]!, Numerical.Normalize(TextCalls.Array(args["x"]!), (int)args["axis"]!, TextCalls.Number(args["order"]!)));
            return null;
        }

        Tensor<float> Categorical() => Numerical.ToCategorical(TextCalls.Array(args["y"]!), (int?)args["num_classes"]);
        if (line["raises"] is not null)
        {
            Check.Refused(Categorical, typeof(ArgumentException));
            return null;
        }

        // Keras 1 and 3 give float64; Keras 1 flattens.
        Tensor<float> categorical = Categorical();
        TextCalls.Same(line["result"]!, categorical.Reshape(new Shape(TextCalls.Shape(line["result"]!))));
        Check.That(line.IsKeras("1.2.2") || TextCalls.Shape(line["result"]!).SequenceEqual(categorical.Shape.Dims.ToArray()), $"found shape {categorical.Shape}");
        return null;
    }

    private static PadSide Side(JToken? side) => (string?)side == "post" ? PadSide.Post : PadSide.Pre;

    /// <summary>The overload for plain lists gives the same rows.</summary>
    private static void CheckFlat(JToken args, Tensor padded)
    {
        if (padded.Shape.Rank != 2 || padded.DType != DType.Int32 || args["sequences"]!.SelectMany(s => s).Any(x => x.Type != JTokenType.Integer))
        {
            return;
        }

        PadSide padding = Side(args["padding"]), truncating = Side(args["truncating"]);
        int value = args["value"] is { } v ? (int)v : 0;
        Check.Sequence(padded.As<int>().ToArray(), Sequences.PadSequences<int>(TextCalls.Rows(args["sequences"]!), (int?)args["maxlen"], padding, truncating, value).ToArray());
    }

    /// <summary>A sequence of numbers, or of samples.</summary>
    private static Tensor Sequence(JToken sequence)
    {
        var shape = new List<int>();
        JToken inner = sequence;
        for (; inner is JArray list; inner = list.Count > 0 ? list[0] : JValue.CreateNull())
        {
            shape.Add(list.Count);
        }

        JToken[] leaves = [.. Leaves(sequence)];
        var dims = new Shape([.. shape]);
        return leaves.All(l => l.Type is JTokenType.Integer or JTokenType.Boolean)
            ? new Tensor<long>(leaves.Select(l => l.Type == JTokenType.Boolean ? ((bool)l ? 1L : 0L) : (long)l).ToArray(), dims)
            : new Tensor<double>(leaves.Select(TextCalls.Number).ToArray(), dims);
    }

    private static IEnumerable<JToken> Leaves(JToken token) => token is JArray list ? list.SelectMany(Leaves) : [token];

    private static void Batches(JToken want, IEnumerable<(Tensor Inputs, Tensor? Targets)> got)
    {
        (Tensor Inputs, Tensor? Targets)[] batches = [.. got];
        Check.Equal(want.Count(), batches.Length);
        for (int i = 0; i < batches.Length; i++)
        {
            JToken pair = want[i]!;
            TextCalls.Same(pair["tuple"] is { } tuple ? tuple[0]! : pair, batches[i].Inputs);
            Check.Equal(pair["tuple"] is not null, batches[i].Targets is not null);
            if (pair["tuple"] is { } both)
            {
                TextCalls.Same(both[1]!, batches[i].Targets!);
            }
        }
    }
}
