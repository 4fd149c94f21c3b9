using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Testing;
using KerasCompat.Verification;
using KerasCompat.Writers;
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

    /// <summary>Asked to stop while an operator runs: the next does not, and states are those of the call before.</summary>
    [Fact]
    public void A_prediction_stops_amid_the_operators()
    {
        var ran = new List<string>();
        CancellationTokenSource? source = null;
        using KerasModel model = WithNotes(
            name => new Noted(name, () => { }, () =>
            {
                ran.Add(name);
                source?.Cancel();
            }));
        Tensor input = SmallModel.Numbers(new Shape([2, 3, 4]), 1);
        model.Predict(input);
        Assert.Equal(["first", "second"], ran);
        byte[][] states = [.. model.State.Tensors.Values.Select(t => t.Bytes.ToArray())];
        ran.Clear();
        using (source = new CancellationTokenSource())
        {
            Assert.Throws<OperationCanceledException>(() => model.Predict([input], source.Token));
        }

        source = null;
        Assert.Equal(["first"], ran);
        Assert.Equal(states, model.State.Tensors.Values.Select(t => t.Bytes.ToArray()));
        model.Predict(input);
        Assert.NotEqual(states, model.State.Tensors.Values.Select(t => t.Bytes.ToArray()));
    }

    /// <summary>Asked to stop while the plan of a first call is made: the next operator gets no kernel, and a later call makes the plan anew.</summary>
    [Fact]
    public void A_plan_stops_amid_the_operators()
    {
        var bound = new List<string>();
        CancellationTokenSource? source = null;
        using KerasModel model = WithNotes(
            name => new Noted(name, () =>
            {
                bound.Add(name);
                source?.Cancel();
            }, () => { }));
        Tensor input = SmallModel.Numbers(new Shape([2, 3, 4]), 1);
        using (source = new CancellationTokenSource())
        {
            Assert.Throws<OperationCanceledException>(() => model.Predict([input], source.Token));
        }

        source = null;
        Assert.Equal(["first"], bound);
        model.Predict(input);
        Assert.Equal(["first", "first", "second"], bound);
    }

    /// <summary>Asked to stop when an array has been read: no other is.</summary>
    [Theory]
    [InlineData("seeds-imdb-keras-2.3.1.h5")]
    [InlineData("seeds-imdb-small-keras-3.15.1.keras")]
    [InlineData("safetensors")]
    public void A_load_stops_amid_the_arrays(string name)
    {
        byte[] file = name == "safetensors" ? Safetensors() : System.IO.File.ReadAllBytes(Fixtures.Path("seeds", name));
        var shares = new List<double>();
        using (KerasModel.Load(new MemoryStream(file), name, new LoadOptions { Progress = new Told(shares.Add) }))
        {
            Assert.True(shares.Count > 1);
            Assert.Equal(shares.Order(), shares);
            Assert.Equal(1, shares[^1]);
        }

        shares.Clear();
        using var source = new CancellationTokenSource();
        var options = new LoadOptions
        {
            CancellationToken = source.Token,
            Progress = new Told(share =>
            {
                shares.Add(share);
                source.Cancel();
            }),
        };
        Assert.Throws<OperationCanceledException>(() => KerasModel.Load(new MemoryStream(file), name, options));
        Assert.Single(shares);
    }

    /// <summary>Asked to stop when a read of the file returns, whichever it is: the load ends there, or needed no more of the file.</summary>
    [Theory]
    [InlineData("mlp_chunked_names.h5")]
    [InlineData("mlp_zip_deflated.keras")]
    [InlineData("mlp_weights_gzip_shuffle_fletcher.keras")]
    public void A_load_stops_amid_the_file(string name)
    {
        byte[] bytes = System.IO.File.ReadAllBytes(Fixtures.Path("containers", $"keras-3.15.1/{name}"));
        int stopped = 0;
        for (int last = 1, reads = last; reads >= last; last++)
        {
            using var source = new CancellationTokenSource();
            var stream = new CountedStream(bytes, read =>
            {
                if (read == last)
                {
                    source.Cancel();
                }
            });
            Exception? e = Record.Exception(() => KerasModel.Load(stream, name, new LoadOptions { CancellationToken = source.Token }).Dispose());
            Assert.True(e is null or OperationCanceledException, $"after read {last}: {e}");
            stopped += e is null ? 0 : 1;
            reads = stream.Reads;
        }

        Assert.InRange(stopped, 2, int.MaxValue);
    }

    [Fact]
    public void A_comparison_stops_between_calls()
    {
        using KerasModel model = KerasModel.Load(Fixtures.Path("keras2", "2.2.4-tensorflow-stateful.h5"));
        using VectorsFile vectors = VectorsFile.Open(Fixtures.Path("keras2", "2.2.4-tensorflow-stateful.npz"));
        Assert.True(vectors.Calls.Count > 1);
        using var source = new CancellationTokenSource();
        int done = 0;
        Assert.Throws<OperationCanceledException>(() => Verifier.Verify(model, vectors, Tolerance.Default, source.Token, () =>
        {
            done++;
            source.Cancel();
        }));
        Assert.Equal(1, done);
    }

    /// <summary>A token is for the load: what the model does afterwards does not ask it.</summary>
    [Fact]
    public void A_loaded_model_outlives_its_token()
    {
        using var source = new CancellationTokenSource();
        using KerasModel model = SmallModel.Chain(new LoadOptions { CancellationToken = source.Token }, [0, 2], SmallModel.Layer("Normalization", "norm", new JObject { ["axis"] = -1 }));
        source.Cancel();
        model.Adapt("norm", Tensor.From([1f, 10f, 3f, 30f], 2, 2));
        Assert.Equal([-1f, -1f, 1f, 1f], model.Predict(Tensor.From([1f, 10f, 3f, 30f], 2, 2)).As<float>().ToArray());
    }

    /// <summary>A model of a stateful layer between two functions that note when they are bound and run.</summary>
    private static KerasModel WithNotes(Func<string, Noted> noted)
    {
        JObject Activation(string name) => SmallModel.Layer("Activation", name, new JObject { ["activation"] = name });
        var options = new LoadOptions { Functions = { ["first"] = (g, x) => g.Apply(noted("first"), x), ["second"] = (g, x) => g.Apply(noted("second"), x) } };
        return SmallModel.Chain(options, [2, 3, 4], Activation("first"), SmallModel.Layer("SimpleRNN", "rnn", new JObject { ["units"] = 5, ["stateful"] = true }), Activation("second"));
    }

    private static byte[] Safetensors()
    {
        using KerasModel model = KerasModel.Load(Fixtures.Path("seeds", "seeds-imdb-small-keras-3.15.1.keras"));
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(model, stream);
        return stream.ToArray();
    }

    /// <summary>Passes its input on, and tells when its kernel is made and when it runs.</summary>
    private sealed record Noted(string Which, Action Bound, Action Ran) : Op
    {
        public override IReadOnlyList<TensorType> Infer(OpInference inputs) => [inputs.Type(0)];

        internal override CpuKernel Bind(CpuBinding binding)
        {
            Bound();
            (Slot from, Slot to) = (binding.Input(0), binding.Output(0));
            return frame =>
            {
                Ran();
                frame.Bytes(from).CopyTo(frame.Bytes(to));
            };
        }
    }

    /// <summary>Takes what is told on the thread that tells it, as the framework's own does not.</summary>
    private sealed class Told(Action<double> take) : IProgress<double>
    {
        public void Report(double value) => take(value);
    }

    private sealed class CountedStream(byte[] bytes, Action<int> read) : MemoryStream(bytes)
    {
        public int Reads { get; private set; }

        // The span overload comes here too, where the class is derived.
        public override int Read(byte[] buffer, int offset, int count)
        {
            int got = base.Read(buffer, offset, count);
            read(++Reads);
            return got;
        }
    }
}
