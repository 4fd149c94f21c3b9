using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text.Tests;

public class SequenceTests
{
    [Fact]
    public void Padding_is_that_of_Keras()
    {
        (int count, int left) = Calls.Check("padding", line =>
        {
            JToken args = line["args"]!;
            string dtype = args["dtype"] is JObject ? "object" : (string?)args["dtype"] ?? "int32";
            if (args["sequences"] is not JArray sequences || sequences.Any(s => s is not JArray) || (string?)args["padding"] == "middle" || (string?)args["truncating"] == "middle")
            {
                Assert.NotNull(line["raises"]); // C#'s types refuse it
                return false;
            }

            bool texts = sequences.SelectMany(s => s).Any(x => x.Type == JTokenType.String);
            if (texts && (line["raises"] is not null || dtype != "object"))
            {
                return false; // text to numbers and back, and text cut to a fixed width, are numpy's
            }

            if (dtype == "str")
            {
                return false; // numbers as numpy prints them
            }

            Tensor Pad()
            {
                PadSide padding = Side(args["padding"]), truncating = Side(args["truncating"]);
                int? length = (int?)args["maxlen"];
                return texts
                    ? Sequences.PadSequences([.. sequences.Select(s => s.Select(Calls.Text).ToArray())], length, padding, truncating, (string?)args["value"])
                    : Sequences.PadSequences([.. sequences.Select(Sequence)], length, dtype == "object" ? DType.Float64 : Type(dtype), padding, truncating, args["value"] is { } v ? Calls.Number(v) : 0);
            }

            if (line["raises"] is { } raised)
            {
                Exception e = Assert.ThrowsAny<Exception>(Pad);
                Assert.True((string)raised["type"]! == "OverflowError" ? e is OverflowException : e is ArgumentException, e.ToString());
            }
            else if (!line.IsKeras("3.15.1") && line["keras"]!.Count() == 4)
            {
                Assert.Throws<OverflowException>(Pad); // numpy before 2 wrapped round what newer ones refuse
            }
            else if (texts)
            {
                Assert.Equal(line["result"]!["data"]!.Select(Calls.Text), Pad().As<string>().ToArray());
            }
            else
            {
                Tensor padded = Pad();
                Assert.Equal(dtype == "object" ? DType.Float64 : Type(dtype), padded.DType);
                Equal(line["result"]!, padded);
                CheckFlat(args, padded);
            }

            return true;
        });
        Assert.Equal(222, count + left);
        Assert.True(count >= 140, $"{count} checked");
    }

    [Fact]
    public void Skip_grams_are_those_of_Keras_and_CPython()
    {
        (int count, _) = Calls.Check("skipgrams", line =>
        {
            JToken args = line["args"]!;
            if ((string)line["call"]! == "make_sampling_table")
            {
                double[] table = Sequences.MakeSamplingTable((int)args["size"]!, (double)args["sampling_factor"]!);
                Calls.Equal(line["result"]!, [table.Length], table);
                return true;
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
            Assert.Equal(couples.Select(c => ((int)c[0]!, (int)c[1]!)), pairs.Couples);
            if ((bool?)args["categorical"] ?? false)
            {
                Assert.Equal(labels.Select(l => ((int)l[0]!, (int)l[1]!)), pairs.CategoricalLabels);
            }
            else
            {
                Assert.Equal(labels.Select(l => (int)l), pairs.Labels);
            }

            return true;
        });
        Assert.Equal(97, count);
    }

    [Fact]
    public void Windows_of_series_are_those_of_Keras()
    {
        (int count, int left) = Calls.Check("timeseries", line =>
        {
            JToken args = line["args"]!;
            if (line["keras"]!.All(v => (string)v! == "2.1.6"))
            {
                return false; // float64 targets, and no windows where the rate does not divide the length
            }

            Tensor data = Array(args["data"]!);
            Tensor? targets = args["targets"] is null or { Type: JTokenType.Null } ? null : Array(args["targets"]!);
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
                    Assert.Throws<ArgumentException>(Make);
                    return true;
                }

                TimeseriesGenerator generator = Make();
                var want = Calls.Pairs(line["result"]!).ToDictionary(p => (string)p.Key!, p => p.Value);
                Assert.Equal((int)want["len"], generator.Count);
                Batches(want["batches"], Enumerable.Range(0, generator.Count).Select(i => (generator[i].Samples, (Tensor?)generator[i].Targets)));
                return true;
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
                Assert.Throws<ArgumentException>(Dataset);
            }
            else
            {
                Batches(line["result"]!, Dataset());
            }

            return true;
        });
        Assert.Equal(68, count + left);
        Assert.True(count >= 50, $"{count} checked");
    }

    [Fact]
    public void Categories_and_norms_are_those_of_Keras()
    {
        (int count, int left) = Calls.Check("numbers", line =>
        {
            JToken args = line["args"]!;
            if ((string)line["call"]! == "normalize")
            {
                if (line.IsKeras("3.15.1") && (int)args["axis"]! == 0 && line["keras"]!.Count() == 1)
                {
                    return false; // Keras 3 divides along the last axis by norms along the first
                }

                Equal(line["result"]!, Numerical.Normalize(Array(args["x"]!), (int)args["axis"]!, Calls.Number(args["order"]!)));
                return true;
            }

            Tensor<float> Categorical() => Numerical.ToCategorical(Array(args["y"]!), (int?)args["num_classes"]);
            if (line["raises"] is not null)
            {
                Assert.ThrowsAny<ArgumentException>(Categorical);
                return true;
            }

            // Keras 1 and 3 give float64; Keras 1 flattens.
            Tensor<float> categorical = Categorical();
            Equal(line["result"]!, categorical.Reshape(new Shape(Calls.Shape(line["result"]!))));
            Assert.True(line.IsKeras("1.2.2") || Calls.Shape(line["result"]!).SequenceEqual(categorical.Shape.Dims.ToArray()));
            return true;
        });
        Assert.Equal(109, count + left);
        Assert.True(count >= 95, $"{count} checked");
    }

    private static DType Type(string name) => DTypes.TryParse(name, out DType type) ? type : throw new ArgumentException(name);

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
        Assert.Equal(padded.As<int>().ToArray(), Sequences.PadSequences<int>(Calls.Rows(args["sequences"]!), (int?)args["maxlen"], padding, truncating, value).ToArray());
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
            : new Tensor<double>(leaves.Select(Calls.Number).ToArray(), dims);
    }

    private static IEnumerable<JToken> Leaves(JToken token) => token is JArray list ? list.SelectMany(Leaves) : [token];

    private static Tensor Array(JToken array) => array is JArray list
        ? new Tensor<double>(list.Select(Calls.Number).ToArray(), new Shape([list.Count]))
        : new Tensor<double>(array["data"]!.Select(Calls.Number).ToArray(), new Shape(Calls.Shape(array))).Cast(Type((string)array["dtype"]!));

    private static void Equal(JToken want, Tensor got) => Calls.Equal(want, got.Shape.Dims.ToArray(), got.Cast(DType.Float64).As<double>().Span);

    private static void Batches(JToken want, IEnumerable<(Tensor Inputs, Tensor? Targets)> got)
    {
        (Tensor Inputs, Tensor? Targets)[] batches = [.. got];
        Assert.Equal(want.Count(), batches.Length);
        for (int i = 0; i < batches.Length; i++)
        {
            JToken pair = want[i]!;
            Equal(pair["tuple"] is { } tuple ? tuple[0]! : pair, batches[i].Inputs);
            Assert.Equal(pair["tuple"] is not null, batches[i].Targets is not null);
            if (pair["tuple"] is { } both)
            {
                Equal(both[1]!, batches[i].Targets!);
            }
        }
    }
}
