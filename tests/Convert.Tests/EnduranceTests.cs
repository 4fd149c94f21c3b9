using System.Diagnostics;
using System.Globalization;
using KerasCompat.Convert.Cases;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Verification;
using Xunit.Abstractions;

namespace KerasCompat.Convert.Tests;

/// <summary>What every case must also survive: a second run, several threads, another batch size.</summary>
public class EnduranceTests(ITestOutputHelper output)
{
    /// <summary>Cases with a vectors file of calls; architectures are left out for their size, they are checked by the suites.</summary>
    public static TheoryData<string, string> Cases() => SuiteCases.Passing(c => c.Expect == "same" && c.Model is not null && c.Vectors is not null
        && !c.Model.EndsWith(".json.gz", StringComparison.Ordinal) && !c.Name.Contains("imdb-fit", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Repeats_to_the_bit_on_any_thread_and_batch(string suite, string name)
    {
        FixtureCase test = SuiteCases.Find(suite, name);
        using KerasModel model = CaseRunner.Load(test);
        using VectorsFile vectors = VectorsFile.Open(test.Vectors!);
        Tensor[] inputs = [.. vectors.Calls[0].Inputs.Select(i => i.Read())];
        Tensor[] first = model.Predict(inputs, new RecurrentState());

        AssertSameBits(first, model.Predict(inputs, new RecurrentState()));

        var results = new Tensor[4][];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = results.Length }, i => results[i] = model.Predict(inputs, new RecurrentState()));
        Assert.All(results, r => AssertSameBits(first, r));

        if (TakesAnyBatch(model, inputs, first))
        {
            Tensor[] doubled = model.Predict([.. inputs.Select(t => Tensor.Stack([t, t]))], new RecurrentState());
            for (int i = 0; i < first.Length; i++)
            {
                var comparison = ArrayComparison.Of($"batch twice as large, output {i}", doubled[i].Rows(0, first[i].Shape[0]), first[i], test.Tolerance);
                Assert.True(comparison.Passes, comparison.ToString());
            }
        }
    }

    /// <summary>Eight threads on one model, as long as <c>KERASCOMPAT_SECONDS</c> says: every result is that of one thread, to the bit.</summary>
    [Theory]
    [InlineData("seeds-imdb-keras-3.15.1.keras")]
    [InlineData("seeds-imdb-keras-2.3.1.h5")]
    public void Eight_threads_give_the_bits_of_one(string file)
    {
        using KerasModel model = KerasModel.Load(Fixtures.Path("seeds", file));
        int length = model.Inputs[0].Type.Shape[1].ValueOrNull ?? 80;
        Tensor[] inputs = [.. Enumerable.Range(1, 4).Select(rows => Drawn(rows, length))];
        Tensor[] expected = [.. inputs.Select(model.Predict)];
        double seconds = double.Parse(Environment.GetEnvironmentVariable("KERASCOMPAT_SECONDS") ?? "2", CultureInfo.InvariantCulture);
        var clock = Stopwatch.StartNew();
        int wrong = 0, calls = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            for (int i = t; clock.Elapsed.TotalSeconds < seconds; i++)
            {
                int at = i % inputs.Length;
                bool same = model.Predict(inputs[at]).Bytes.SequenceEqual(expected[at].Bytes);
                Interlocked.Increment(ref calls);
                Interlocked.Add(ref wrong, same ? 0 : 1);
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        output.WriteLine($"{calls} calls of 8 threads in {seconds} s, {wrong} wrong");
        Assert.InRange(calls, 8, int.MaxValue);
        Assert.Equal(0, wrong);
    }

    /// <summary>Rows of whole numbers below 6, which every net of texts has indices for.</summary>
    internal static Tensor<float> Drawn(int rows, int length)
    {
        var random = new Random(rows);
        return new Tensor<float>(Enumerable.Range(0, rows * length).Select(_ => (float)random.Next(6)).ToArray(), new Shape([rows, length]));
    }

    /// <summary>True where every input's and output's first axis is the batch, and nothing mixes its rows.</summary>
    private static bool TakesAnyBatch(KerasModel model, Tensor[] inputs, Tensor[] outputs) =>
        inputs.Length > 0
        && model.Inputs.All(i => i.Type.Shape.Rank > 0 && i.Type.Shape[0].SymbolName == "batch")
        && model.Outputs.All(o => o.Type.Shape.Rank > 0 && o.Type.Shape[0].SymbolName == "batch")
        && inputs.Zip(model.Inputs).All(p => p.First.Shape.Rank == p.Second.Type.Shape.Rank)
        && outputs.All(o => o.Shape.Rank > 0 && o.Shape[0] == inputs[0].Shape[0])
        && !model.Graph.Nodes.Any(MixesRows);

    /// <summary>Operators that look along the batch axis: cumulations, sorts, reversals and statistics over it.</summary>
    private static bool MixesRows(Node node) => node.Outputs[0].Shape.Rank == 0 || !node.Outputs[0].Shape.Any(d => d.Symbols().Contains("batch"))
        ? node.Inputs.Any(i => i is not null && i.Shape.Any(d => d.Symbols().Contains("batch")))
        : node.Inputs.FirstOrDefault() is { Rank: > 0 } x && x.Shape[0].SymbolName == "batch" && node.Outputs[0].Shape[0] != x.Shape[0];

    private static void AssertSameBits(Tensor[] expected, Tensor[] found)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Shape, found[i].Shape);
            if (expected[i] is Tensor<string> text)
            {
                Assert.Equal(text.ToArray(), found[i].As<string>().ToArray());
            }
            else
            {
                Assert.True(expected[i].Bytes.SequenceEqual(found[i].Bytes), $"output {i} differs from run to run");
            }
        }
    }
}
