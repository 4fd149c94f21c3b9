using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// The functions of TensorFlow as they stand in a functional model of tf.keras: <c>TFOpLambda</c> names one (<c>math.add</c>) and passes
/// its arguments by TensorFlow's names, <c>SlicingOpLambda</c> is such a function of slices, mostly <c>x[…]</c>, and <c>TensorFlowOpLayer</c> holds a node of a
/// TensorFlow graph.
/// </summary>
internal static class TensorFlowFunctions
{
    public static OperationSet Table { get; } = new()
    {
        ["SlicingOpLambda"] = c => Call(c, c.Text("function", string.Empty)),
        ["TensorFlowOpLayer"] = TensorFlowNodes.Call,
        ["TFOpLambda"] = c => Call(c, c.Text("function", string.Empty)),
    };

    private static readonly Dictionary<string, Func<OperationCall, Structure>> Functions =
        new IEnumerable<KeyValuePair<string, Func<OperationCall, Structure>>>[] { TensorFlowMath.Table, TensorFlowArrays.Table, TensorFlowNeural.Table }
            .SelectMany(t => t).ToDictionary(StringComparer.Ordinal);

    /// <summary>Fails for a function that is not known, before anything is called.</summary>
    /// <exception cref="UnsupportedModelException">It is not known.</exception>
    public static void Check(LayerConfig config)
    {
        if (config.ClassName is "TFOpLambda" or "SlicingOpLambda")
        {
            string? function = (string?)config.Json["config"]?["function"];
            if (function is null || !Functions.ContainsKey(Plain(function)))
            {
                throw Unknown(config, function is null ? "no function" : $"TensorFlow function tf.{function}");
            }
        }

        if (config.ClassName == "TensorFlowOpLayer")
        {
            TensorFlowNodes.Check(config);
        }
    }

    /// <summary>Applies a function by its public name without <c>tf.</c>.</summary>
    public static Structure Call(OperationCall c, string function)
    {
        c.Ignore("function", "node_def", "constants");
        c.Call.Argument(-1, "name");
        return Functions[Plain(function)](c);
    }

    /// <summary>The error for what TensorFlow knows and this table does not.</summary>
    public static UnsupportedModelException Unknown(LayerConfig config, string what) =>
        new(config.Place, what, "a function that is known here", "rebuild the model with layers or with Keras 3's operations");

    private static string Plain(string function) => function.StartsWith("compat.v1.", StringComparison.Ordinal) ? function["compat.v1.".Length..] : function;

    /// <summary>Keras 3's operation of another name that means the same.</summary>
    public static Func<OperationCall, Structure> As(string operation) => c => OperationTable.Operations[operation](c);

    /// <summary>Two operands in TensorFlow's way: there is no promotion, and a constant takes the tensor's type.</summary>
    public static (Value A, Value B) Pair(OperationCall c, string second = "y", string first = "x")
    {
        Operand a = c.Operand(0, first), b = c.Operand(1, second);
        DType type = (IsConstant(a) ? b : a).Type.Type;
        return (a.In(c.Graph, type), b.In(c.Graph, type));
    }

    /// <summary>A function of two operands.</summary>
    public static Func<OperationCall, Structure> Binary(Func<GraphBuilder, Value, Value, Value> function) => c =>
    {
        (Value a, Value b) = Pair(c);
        return new KerasTensor(function(c.Graph, a, b));
    };

    private static bool IsConstant(Operand operand) => operand.Tensor?.Value.Constant is not null || operand.Tensor is null;

    /// <summary>The sizes that a value holds: constants, or what follows from shapes.</summary>
    public static SymbolicShape Sizes(OperationCall c, int position, string name)
    {
        Value value = c.Tensor(position, name);
        IReadOnlyList<Dim>? sizes = value.Content
            ?? (value.Constant is { } constant ? [.. constant.Cast(DType.Int32).As<int>().ToArray().Select(d => (Dim)d)] : null);
        return sizes is null ? throw c.Call.Fail($"a computed \"{name}\"", "sizes that follow from shapes") : new SymbolicShape(sizes);
    }

    /// <summary>A type given in the call, for the config's own <c>dtype</c> is the layer's.</summary>
    public static DType? TypeArgument(OperationCall c, int position, string name) => c.Call.Constant(position, name) switch
    {
        null => null,
        var token when DTypePolicy.Parse(token) is { } policy => policy.Compute,
        var token => throw c.Config.Wrong(name, token, "an element type"),
    };
}
