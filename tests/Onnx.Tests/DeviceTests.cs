using KerasCompat.Convert.Export;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Verification;

namespace KerasCompat.Onnx.Tests;

/// <summary>Models that ONNX Runtime computes in the CPU's place.</summary>
public class DeviceTests
{
    [OnnxRuntimeTheory]
    [InlineData("seeds/seeds-imdb-keras-3.15.1.keras", "seeds/seeds-imdb-keras-3.15.1.npz")]
    [InlineData("keras3-graphs/bidirectional_gru_masked.keras", "keras3-graphs/bidirectional_gru_masked.npz")]
    [InlineData("keras3-graphs/residual_cnn.keras", "keras3-graphs/residual_cnn.npz")]
    public void Model_gives_the_numbers_of_Keras(string file, string vectors)
    {
        using KerasModel model = KerasModel.Load(Path.Combine(Fixtures.Root, file), new LoadOptions { Device = Device.OnnxRuntime });
        VerificationReport report = model.Verify(Path.Combine(Fixtures.Root, vectors));
        Assert.True(report.Passes, report.ToString());
    }

    [OnnxRuntimeFact]
    public void Memory_of_the_caller_is_read_and_written()
    {
        using KerasModel model = Load("containers/keras-3.0.5/mlp.keras", Device.OnnxRuntime), cpu = Load("containers/keras-3.0.5/mlp.keras", Device.Cpu);
        float[] x = [.. new DrawnInputs(cpu, new Dictionary<string, int>()).Draw(3, 1)[0].As<float>().Span];
        int size = cpu.Outputs[0].Type.Shape[-1].Value;
        float[] got = new float[3 * size], want = new float[3 * size];
        model.Predict(x, got);
        cpu.Predict(x, want);
        Assert.Equal(want, got, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Throws<ArgumentException>(() => model.Predict(x, new float[size]));
    }

    [OnnxRuntimeFact]
    public void States_are_carried_and_forgotten_as_on_the_CPU()
    {
        string file = Directory.EnumerateFiles(Path.Combine(Fixtures.Root, "keras3-layers"), "*stateful*.keras").Order(StringComparer.Ordinal).First();
        using KerasModel model = KerasModel.Load(file, new LoadOptions { Device = Device.OnnxRuntime }), cpu = KerasModel.Load(file);
        int batch = cpu.Inputs[0].Type.Shape[0].ValueOrNull ?? 2;
        Tensor[] x = new DrawnInputs(cpu, new Dictionary<string, int>()).Draw(batch, 4);
        Assert.NotEmpty(cpu.Graph.States);
        for (int call = 0; call < 4; call++)
        {
            if (call == 3)
            {
                model.ResetStates();
                cpu.ResetStates();
            }

            Assert.Equal(cpu.Predict(x)[0].As<float>().ToArray(), model.Predict(x)[0].As<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
        }
    }

    /// <summary>A call of minutes ends at its next operator, and the session is none the worse.</summary>
    [OnnxRuntimeFact]
    public void A_call_that_runs_is_stopped()
    {
        const int width = 512, rows = 4096, layers = 3000;
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(Dim.Symbol("batch"), width)), y = x;
        Value weights = g.Constant(Tensor.From([.. Enumerable.Range(0, width * width).Select(i => MathF.Sin(i) / width)], width, width));
        for (int i = 0; i < layers; i++)
        {
            y = g.Apply(new Tanh(), g.MatMul(y, weights));
        }

        using IExecutable executable = Device.OnnxRuntime.Prepare(g.Build([x], [y]));
        Tensor row = Tensor.From([.. Enumerable.Range(0, width).Select(i => (float)i)], 1, width);
        byte[] before = executable.Run([row])[0].Bytes.ToArray();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(0.3));
        OperationCanceledException stopped = Assert.ThrowsAny<OperationCanceledException>(() => executable.Run([Tensor.Zeros(DType.Float32, new Shape([rows, width]))], null, source.Token));

        Assert.Equal(source.Token, stopped.CancellationToken);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.3, 20);
        Assert.Equal(before, executable.Run([row])[0].Bytes.ToArray());
        Assert.Throws<OperationCanceledException>(() => executable.Run([row], null, source.Token));
    }

    [OnnxRuntimeFact]
    public void Changed_weights_are_used()
    {
        using KerasModel model = Load("containers/keras-3.0.5/mlp.keras", Device.OnnxRuntime);
        Tensor x = new DrawnInputs(model, new Dictionary<string, int>()).Draw(2, 1)[0];
        float[] before = model.Predict(x).As<float>().ToArray();
        model.SetWeights([.. model.GetWeights().Select(w => Tensor.Zeros(w.DType, w.Shape))]);
        Assert.NotEqual(before, model.Predict(x).As<float>().ToArray());
    }

    [OnnxRuntimeFact]
    public async Task Many_threads_share_a_model()
    {
        using KerasModel model = Load("keras3-graphs/residual_cnn.keras", Device.OnnxRuntime);
        Tensor[] x = new DrawnInputs(model, new Dictionary<string, int>()).Calls(1)[0].Inputs;
        byte[] want = model.Predict(x)[0].Bytes.ToArray();
        byte[][] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => model.Predict(x)[0].Bytes.ToArray())));
        Assert.All(all, got => Assert.Equal(want, got));
    }

    [OnnxRuntimeFact]
    public void What_ONNX_lacks_is_refused_by_name()
    {
        using KerasModel model = Load("tfkeras2/keras-2.15.0-hashing.h5", Device.OnnxRuntime);
        UnsupportedModelException refusal = Assert.Throws<UnsupportedModelException>(() => model.Predict(new DrawnInputs(model, new Dictionary<string, int>()).Draw(2, 3)));
        Assert.Contains("HashText", refusal.Message, StringComparison.Ordinal);
    }

    [OnnxRuntimeFact]
    public void Shapes_that_do_not_fit_are_told_as_on_the_CPU()
    {
        using KerasModel model = Load("containers/keras-3.0.5/mlp.keras", Device.OnnxRuntime), cpu = Load("containers/keras-3.0.5/mlp.keras", Device.Cpu);
        Tensor wrong = Tensor.Zeros(DType.Float32, new Shape([2, 99]));
        Assert.Equal(Assert.Throws<ArgumentException>(() => cpu.Predict(wrong)).Message, Assert.Throws<ArgumentException>(() => model.Predict(wrong)).Message);
    }

    private static KerasModel Load(string file, Device device) => KerasModel.Load(Path.Combine(Fixtures.Root, file), new LoadOptions { Device = device });
}
