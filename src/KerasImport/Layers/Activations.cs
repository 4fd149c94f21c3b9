using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>An activation: a name of the table below, an activation layer as an object, or a function the caller bound.</summary>
internal sealed class ActivationFunction
{
    /// <summary>The formulas are Keras 3's; where an older Keras meant another by the name, the canonical name differs.</summary>
    private static readonly Dictionary<string, Func<GraphBuilder, Value, Value>> Table = new(StringComparer.Ordinal)
    {
        ["linear"] = (_, x) => x,
        ["relu"] = (g, x) => g.Relu(x),
        ["relu6"] = (g, x) => g.Relu6(x),
        ["leaky_relu"] = (g, x) => g.LeakyRelu(x, 0.2),
        ["elu"] = (g, x) => g.Elu(x),
        ["selu"] = (g, x) => g.Selu(x),
        ["celu"] = (g, x) => g.Celu(x),
        ["softplus"] = (g, x) => g.Softplus(x),
        ["softsign"] = (g, x) => g.Softsign(x),
        ["sigmoid"] = (g, x) => g.Sigmoid(x),
        ["hard_sigmoid"] = (g, x) => g.HardSigmoid(x, 1.0 / 6, 0.5),
        ["hard_sigmoid_slope_0.2"] = (g, x) => g.HardSigmoid(x, 0.2, 0.5),
        ["tanh"] = (g, x) => g.Tanh(x),
        ["exponential"] = (g, x) => g.Exp(x),
        ["silu"] = (g, x) => g.Swish(x),
        ["swish"] = (g, x) => g.Swish(x),
        ["hard_silu"] = (g, x) => g.HardSwish(x),
        ["hard_swish"] = (g, x) => g.HardSwish(x),
        ["gelu"] = (g, x) => g.Gelu(x),
        ["mish"] = (g, x) => g.Mish(x),
        ["softmax"] = (g, x) => g.Softmax(x),
        ["log_softmax"] = (g, x) => g.LogSoftmax(x),
        ["log_sigmoid"] = (g, x) => g.LogSigmoid(x),
        ["soft_shrink"] = (g, x) => g.SoftShrink(x),
        ["hard_shrink"] = (g, x) => g.HardShrink(x),
        ["tanh_shrink"] = (g, x) => g.TanhShrink(x),
        ["hard_tanh"] = (g, x) => g.HardTanh(x),
        ["squareplus"] = (g, x) => g.Squareplus(x),
        ["sparse_plus"] = (g, x) => g.SparsePlus(x),
        ["sparse_sigmoid"] = (g, x) => g.SparseSigmoid(x),
        ["sparsemax"] = (g, x) => Sparsemax(g, x, -1),
        ["glu"] = Glu,
    };

    private readonly Func<GraphBuilder, Value, Value> _apply;

    private ActivationFunction(string name, Func<GraphBuilder, Value, Value> apply)
    {
        Name = name;
        _apply = apply;
    }

    private ActivationFunction(Layer layer)
        : this(layer.ClassName, (g, x) => Invoke(layer, g, x)) => Sublayers = [new Sublayer("activation", layer)];

    /// <summary>The canonical name, by which recurrent kernels choose their fast form.</summary>
    public string Name { get; }

    /// <summary>The layer it is, where the config holds one: it may have weights (PReLU).</summary>
    public IReadOnlyList<Sublayer> Sublayers { get; } = [];

    /// <summary>The names of all activations.</summary>
    public static IEnumerable<string> Names => Table.Keys;

    /// <summary>Reads an activation from a config.</summary>
    /// <exception cref="UnsupportedModelException">It is not known and not bound.</exception>
    public static ActivationFunction Read(LayerConfig config, string key, string fallback = "linear")
    {
        switch (config.Token(key))
        {
            case null:
                return new ActivationFunction(fallback, Table[fallback]);
            case JValue { Value: string name }:
                return Named(config, key, name);
            case JObject layer when (string?)layer["kind"] == "layer" || LayerTable.Layers.ContainsKey((string?)(layer["class_name"] as JValue) ?? string.Empty):
                return new ActivationFunction(config.Factory.Create(layer, $"{config.Place}.{key}"));
            case JObject function when function["config"] is JValue { Value: string name }:
                return Named(config, key, name);
            case JObject { Count: > 0 } function when function["class_name"] is JValue { Value: string name }:
                return Named(config, key, name);
            case var other:
                throw config.Wrong(key, other, "an activation");
        }
    }

    /// <summary>Applies the function.</summary>
    public Value Apply(GraphBuilder graph, Value x) => _apply(graph, x);

    /// <summary>
    /// Keras's <c>sparsemax</c>: <c>max(x − τ, 0)</c> along an axis. Of the descending elements z with sums S the first k with
    /// <c>z_k &gt; (S_k − 1) / k</c> are the support, and <c>τ = (Σ S − 1) / k</c> over the support.
    /// </summary>
    /// <remarks>Martins and Astudillo (2016) have <c>S_k</c> where Keras has the sum of all S, so its results need not sum to 1.</remarks>
    internal static Value Sparsemax(GraphBuilder g, Value x, int axis)
    {
        Value last = g.SwapAxes(x, axis, -1);
        Value sorted = g.Sort(last, -1, descending: true);
        Value sums = g.CumSum(sorted, -1);
        Value ranks = g.Cast(g.Add(g.Range(last.Shape[-1]), 1), x.DType);
        Value support = g.Cast(g.Greater(sorted, g.Div(g.Sub(sums, 1), ranks)), x.DType);
        Value count = g.ReduceSum(support, [-1], keepDims: true);
        Value threshold = g.Div(g.Sub(g.ReduceSum(g.Mul(support, sums), [-1], keepDims: true), 1), count);
        return g.SwapAxes(g.Relu(g.Sub(last, threshold)), axis, -1);
    }

    /// <summary>The first half of the last axis times the sigmoid of the second.</summary>
    private static Value Glu(GraphBuilder g, Value x)
    {
        IReadOnlyList<Value> halves = g.Split(x, -1, pieces: 2);
        return g.Mul(halves[0], g.Sigmoid(halves[1]));
    }

    /// <summary>Calls an activation layer. Its weights, which Keras builds too late to store them, are what they start as where that is zeros.</summary>
    private static Value Invoke(Layer layer, GraphBuilder g, Value x)
    {
        Value y = layer.Invoke(g, new KerasTensor(x)).Value;
        foreach (Weight weight in layer.Weights.Where(w => !w.HasValue && StartsAsZeros(layer, w)))
        {
            weight.Value = Tensor.Zeros(weight.DType, weight.Shape);
        }

        return y;
    }

    private static bool StartsAsZeros(Layer layer, Weight weight) =>
        layer.Config.Json["config"]?[$"{weight.Name}_initializer"] is { } initializer
        && ((initializer as JValue)?.Value ?? (initializer["class_name"] as JValue)?.Value) is string name
        && name.ToLowerInvariant() is ("zeros" or "zero");

    private static ActivationFunction Named(LayerConfig config, string key, string name)
    {
        if (config.Factory.Options.Functions.TryGetValue(name, out Func<GraphBuilder, Value, Value>? bound) || Table.TryGetValue(name, out bound))
        {
            return new ActivationFunction(name, bound);
        }

        throw new UnsupportedModelException(
            $"{config.Place}.{key}", $"activation {name}", $"one of {string.Join(", ", Table.Keys)}", $"if it is a function of your own, bind it: LoadOptions.Functions[\"{name}\"] = (g, x) => …");
    }
}
