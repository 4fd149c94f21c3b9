using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Verification;

namespace KerasCompat.Benchmarks;

/// <summary>Something small to be timed.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Operations">Multiplications and additions a call; 0 where they say nothing.</param>
/// <param name="Bytes">Bytes of the inputs and outputs that a call reads and writes; 0 where they say nothing.</param>
/// <param name="Make">Makes it ready and gives the call.</param>
internal sealed record OperatorBenchmark(string Name, double Operations, double Bytes, Func<Action> Make)
{
    /// <summary>A Dense layer's product.</summary>
    public static OperatorBenchmark Product(int rows, int depth, int columns) => new(
        $"{(rows == 1 ? "GEMV" : "GEMM")} {rows} × {depth} × {columns}", 2.0 * rows * depth * columns, 0, () => Run((g, x) => g.MatMul(x, Constant(g, depth, columns)), rows, depth));

    /// <summary>A convolution over a square image, zeros around it.</summary>
    public static OperatorBenchmark Convolution(string name, int size, int channels, int filters, int window) => new(
        name,
        2.0 * size * size * channels * filters * window * window,
        0,
        () => Run((g, x) => g.Conv(x, Constant(g, window, window, channels, filters), null, [1, 1], [1, 1], Padding.Same), 1, size, size, channels));

    /// <summary>A depthwise convolution of 3 × 3 over a square image.</summary>
    public static OperatorBenchmark Depthwise(int size, int channels) => new(
        $"depthwise 3 × 3, {size} × {size} × {channels}",
        2.0 * size * size * channels * 9,
        8.0 * size * size * channels,
        () => Run((g, x) => g.DepthwiseConv(x, Constant(g, 3, 3, channels, 1), null, [1, 1], [1, 1], Padding.Same), 1, size, size, channels));

    /// <summary>An LSTM of 100 over vectors of 32.</summary>
    public static OperatorBenchmark Lstm(int steps) => new(
        $"LSTM of 100, {steps} step{(steps == 1 ? string.Empty : "s")} of 32",
        2.0 * steps * (32 + 100) * 400,
        0,
        () => Run((g, x) => g.LSTM(new LSTM { Activation = new Tanh(), RecurrentActivation = new Sigmoid() }, x, Constant(g, 32, 400), Constant(g, 100, 400), Constant(g, 400)).Output, 1, steps, 32));

    /// <summary>An operator of one input.</summary>
    public static OperatorBenchmark Unary(string name, Func<GraphBuilder, Value, Value> apply, params int[] shape) =>
        new(name, 0, 8.0 * shape.Aggregate(1L, (a, b) => a * b), () => Run(apply, shape));

    /// <summary>Rows of the IMDB net's embedding.</summary>
    public static OperatorBenchmark Embedding(int batch, int steps) => new(
        $"gather of {batch} × {steps} rows of 32",
        0,
        8.0 * batch * steps * 32,
        () =>
        {
            var g = new GraphBuilder();
            Value indices = g.Input("x", DType.Int32, new SymbolicShape(batch, steps));
            Tensor words = ArchitectureFormula.Input(0, new Shape(batch, steps), 5000).Cast(DType.Int32);
            return Call(g.Build([g.Gather(Constant(g, 5000, 32), indices)]), words);
        });

    /// <summary>The IMDB net's file of suite <c>seeds</c>.</summary>
    public static OperatorBenchmark Loading(string name, bool predicts) => new(
        $"{name}: IMDB net, .keras",
        0,
        0,
        () =>
        {
            string path = BenchmarkNet.Fixture("seeds/seeds-imdb-keras-3.15.1.keras");
            return () =>
            {
                using KerasModel model = KerasModel.Load(path);
                if (predicts)
                {
                    model.Predict(Tensor.Zeros(model.Graph.Inputs[0].DType, new Shape(1, model.Graph.Inputs[0].Shape[1].ValueOrNull ?? 80)));
                }
            };
        });

    private static Action Run(Func<GraphBuilder, Value, Value> apply, params int[] shape)
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(shape.Select(d => (Dim)d)));
        return Call(g.Build([apply(g, x)]), ArchitectureFormula.Input(0, new Shape(shape), null));
    }

    private static Action Call(Graph graph, Tensor input)
    {
        var executable = new CpuExecutable(graph);
        byte[] output = new byte[executable.Run([input])[0].Bytes.Length];
        return () => executable.Run(input.Bytes, input.Shape, output);
    }

    private static Value Constant(GraphBuilder g, params int[] shape) => g.Constant(ArchitectureFormula.Weight(0, "kernel", new Shape(shape)));
}
