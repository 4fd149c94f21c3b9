using System.Diagnostics;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Weights;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Tests.Layers;

/// <summary>Loads and predictions that are no longer wanted.</summary>
public class CancellationTests
{
    private static readonly string File = Fixtures.Path("seeds", "seeds-embedding-keras-2.15.0.keras");

    [Fact]
    public void A_load_stops_before_it_begins()
    {
        var options = new LoadOptions { CancellationToken = new CancellationToken(canceled: true) };
        Assert.Throws<OperationCanceledException>(() => KerasModel.Load(File, options));
    }

    /// <summary>Asked to stop while a layer is called: neither the next layer nor the weights follow.</summary>
    [Fact]
    public void A_load_stops_amid_the_layers()
    {
        using var source = new CancellationTokenSource();
        var called = new List<string>();
        var options = new LoadOptions
        {
            CancellationToken = source.Token,
            Functions = { ["first"] = Noting("first"), ["second"] = Noting("second") },
        };
        JObject Activation(string name) => SmallModel.Layer("Activation", name, new JObject { ["activation"] = name });
        Assert.Throws<OperationCanceledException>(() => SmallModel.Chain(options, [0, 4], Activation("first"), Activation("second")));
        Assert.Equal(["first"], called);

        Func<GraphBuilder, Value, Value> Noting(string name) => (_, x) =>
        {
            called.Add(name);
            source.Cancel();
            return x;
        };
    }

    [Fact]
    public void A_prediction_stops_and_leaves_the_states_alone()
    {
        using KerasModel model = SmallModel.Chain(
            new LoadOptions(), [2, 3, 4], SmallModel.Layer("SimpleRNN", "rnn", new JObject { ["units"] = 5, ["stateful"] = true }));
        Tensor input = SmallModel.Numbers(new Shape([2, 3, 4]), 1);
        model.Predict(input);
        byte[][] states = [.. model.State.Tensors.Values.Select(t => t.Bytes.ToArray())];
        Assert.NotEmpty(states);
        Assert.Throws<OperationCanceledException>(() => model.Predict([input], new CancellationToken(canceled: true)));
        Assert.Equal(states, model.State.Tensors.Values.Select(t => t.Bytes.ToArray()));
        Assert.Equal(model.Predict([input], new RecurrentState())[0].Bytes.ToArray(), model.Predict([input], new RecurrentState(), CancellationToken.None)[0].Bytes.ToArray());
    }

    /// <summary>A call that takes a while ends before its end when it is asked to.</summary>
    [Fact]
    public void A_prediction_stops_amid_the_operators()
    {
        JObject[] layers = [.. Enumerable.Range(0, 60).Select(i => SmallModel.Layer("Dense", $"dense_{i}", new JObject { ["units"] = 1024, ["activation"] = "tanh" }))];
        using KerasModel model = SmallModel.Chain(new LoadOptions(), [0, 1024], layers);
        Tensor input = SmallModel.Numbers(new Shape([512, 1024]), 1);
        model.Predict(input);
        long start = Stopwatch.GetTimestamp();
        model.Predict(input);
        TimeSpan whole = Stopwatch.GetElapsedTime(start);

        // A machine that is busy may wake the one who cancels only when the call is over: then once more.
        bool stopped = false;
        for (int attempt = 0; attempt < 10 && !stopped; attempt++)
        {
            using var source = new CancellationTokenSource();
            var other = new Thread(() =>
            {
                Thread.Sleep(whole / 10);
                source.Cancel();
            });
            other.Start();
            stopped = Record.Exception(() => model.Predict([input], source.Token)) is OperationCanceledException;
            other.Join();
        }

        Assert.True(stopped);
        Assert.Equal(512, model.Predict(input).Shape[0]);
    }
}
