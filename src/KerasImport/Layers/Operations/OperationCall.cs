using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>One call of an operation: its arguments, and the parameters that its constructor took.</summary>
/// <param name="Call">The arguments.</param>
/// <param name="Config">The parameters.</param>
internal sealed record OperationCall(LayerCall Call, LayerConfig Config)
{
    private readonly JObject _parameters = Config.Json["config"] as JObject ?? [];
    private readonly HashSet<string> _read = new(StringComparer.Ordinal) { "name", "dtype", "trainable" };

    public GraphBuilder Graph => Call.Graph;

    /// <summary>The first argument as a tensor.</summary>
    public Value X => Tensor(0, "x");

    /// <summary>An argument as a tensor.</summary>
    public Value Tensor(int position, string name) => Operand(position, name).AsTensor(Graph);

    /// <summary>An argument as a tensor; null where it is absent or None.</summary>
    public Value? TensorOrNull(int position, string name) => OperandOrNull(position, name)?.AsTensor(Graph);

    /// <summary>An argument.</summary>
    public Operand Operand(int position, string name) => OperandOrNull(position, name) ?? throw Call.Fail($"no argument \"{name}\"", "a tensor or a number");

    /// <summary>An argument; null where it is absent or None.</summary>
    public Operand? OperandOrNull(int position, string name) => Argument(position, name) is { } argument ? ToOperand(argument) : null;

    /// <summary>A list argument.</summary>
    public IReadOnlyList<Operand> List(int position, string name) => Argument(position, name) switch
    {
        Structure.Sequence sequence => [.. sequence.Items.Select(ToOperand)],
        Structure.Constant { Token: JArray list } => [.. list.Select(i => ToOperand(new Structure.Constant(i)))],
        Structure.Leaf leaf => [ToOperand(leaf)],
        _ => throw Call.Fail($"no list as argument \"{name}\"", "a list of tensors"),
    };

    /// <summary>The positional arguments from a place on.</summary>
    public IReadOnlyList<Operand> Positional(int first = 0)
    {
        var operands = new List<Operand>();
        while (OperandOrNull(first + operands.Count, string.Empty) is { } next)
        {
            operands.Add(next);
        }

        return operands;
    }

    /// <summary>Operands in the type they meet in.</summary>
    public (Value A, Value B) Promote(Operand a, Operand b, params ReadOnlySpan<KerasType> besides)
    {
        DType type = TypePromotion.Result([a.Type, b.Type, .. besides]);
        return (a.In(Graph, type), b.In(Graph, type));
    }

    /// <summary>Operands in the type they meet in.</summary>
    public IReadOnlyList<Value> Promote(IReadOnlyList<Operand> operands)
    {
        DType type = TypePromotion.Result(operands.Select(o => o.Strong));
        return [.. operands.Select(o => o.In(Graph, type))];
    }

    /// <summary>A parameter: the constructor's, or given in the call, as more of them were before Keras 3.11.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="position">Its place among the arguments of the call where it may have one, or −1.</param>
    public JToken? Parameter(string name, int position = -1)
    {
        _read.Add(name);
        return _parameters[name] is { Type: not JTokenType.Null } token ? token
            : Call.Argument(position, name) is Structure.Constant constant ? constant.Token
            : null;
    }

    /// <summary>True where a parameter is Python's None, which is not the default.</summary>
    public bool IsNone(string name) => _parameters[name] is { Type: JTokenType.Null };

    /// <summary>Notes parameters that do not change the numbers.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            _read.Add(name);
        }
    }

    /// <summary>The parameters that no lowering read; one that is not neutral fails the load.</summary>
    public void CheckAllRead()
    {
        Problem[] unread = Config.Factory.LeftInStrictMode(_parameters.Properties()
            .Where(p => !_read.Contains(p.Name) && p.Value is not JValue { Value: null or false })
            .Select(p => new Problem($"{Config.Place}.{p.Name}", p.Value.ToString(Newtonsoft.Json.Formatting.None), "no such parameter", "if it does not change numbers, load with LoadOptions.Mode = Lenient")));
        if (unread.Length > 0)
        {
            throw new UnsupportedModelException(unread);
        }
    }

    /// <summary>An integer parameter.</summary>
    public int Int(string name, int fallback) => Parameter(name) is { } token ? (int)token : fallback;

    /// <summary>An integer parameter, or null.</summary>
    public int? IntOrNull(string name) => Parameter(name) is { } token ? (int)token : null;

    /// <summary>A number parameter.</summary>
    public double Number(string name, double fallback) => NumberOrNull(name) ?? fallback;

    /// <summary>A number parameter, or null.</summary>
    public double? NumberOrNull(string name) => Parameter(name) switch
    {
        null => null,
        JValue { Value: string text } => text is "inf" or "Infinity" ? double.PositiveInfinity : double.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
        JObject tensor => JsonTensor.Read(tensor, DType.Float32, Config.Place).Cast(DType.Float64).As<double>().Span[0],
        var token => (double)token,
    };

    /// <summary>A flag parameter.</summary>
    public bool Flag(string name, bool fallback = false, int position = -1) => Parameter(name, position) is { } token ? (bool)token : fallback;

    /// <summary>A text parameter.</summary>
    public string Text(string name, string fallback) => Parameter(name) is { } token ? (string)token! : fallback;

    /// <summary>A type parameter, or null.</summary>
    public DType? Type(string name) => Parameter(name) is not { } token ? null
        : DTypePolicy.Parse(token) is { } policy ? policy.Compute
        : throw Config.Wrong(name, token, "an element type");

    /// <summary>An integer or a list of them, or null.</summary>
    public int[]? Ints(string name, int position = -1) => Parameter(name, position) switch
    {
        null => null,
        JValue single => [(int)single],
        JArray list => [.. list.Select(i => (int)i)],
        JObject tensor => JsonTensor.Read(tensor, DType.Float32, Config.Place).Cast(DType.Int32).As<int>().ToArray(),
        var other => throw Config.Wrong(name, other, "an integer or a list of integers"),
    };

    /// <summary>An integer or a list of them, which must be there.</summary>
    public int[] RequiredInts(string name) => Ints(name) ?? throw Config.Wrong(name, "nothing", "an integer or a list of integers");

    /// <summary>The sizes of a shape.</summary>
    public SymbolicShape Shape(int position) => Ints("shape", position) is { } sizes
        ? new SymbolicShape(sizes.Select(d => (Dim)d))
        : throw Call.Fail("a shape that is not made of numbers", "a list of integers");

    /// <summary>Axes counted from 0; all axes where the parameter is absent.</summary>
    public int[] Axes(Value x, string name = "axis") => Ints(name) is { } axes
        ? [.. axes.Select(a => a < 0 ? a + x.Rank : a)]
        : [.. Enumerable.Range(0, x.Rank)];

    /// <summary>An axis counted from 0.</summary>
    public int Axis(Value x, int fallback, string name = "axis") => Int(name, fallback) is var axis && axis < 0 ? axis + x.Rank : axis;

    /// <summary>An argument, None for what is absent.</summary>
    private Structure? Argument(int position, string name) => Call.Argument(position, name);

    private Operand ToOperand(Structure structure) => structure switch
    {
        Structure.Leaf leaf => Layers.Operand.Of(leaf.Tensor),
        Structure.Sequence { Items: [Structure.Leaf leaf] } => Layers.Operand.Of(leaf.Tensor),
        Structure.Constant { Token: JValue { Value: long number } } => new Operand(null, number, KerasType.Int),
        Structure.Constant { Token: JValue { Value: double number } } => new Operand(null, number, KerasType.Float),
        Structure.Constant { Token: JValue { Value: bool flag } } => new Operand(null, flag ? 1 : 0, DType.Bool),
        Structure.Constant constant when JsonTensor.IsTensor(constant.Token) => Layers.Operand.Of(Graph.Constant(JsonTensor.Read(constant.Token, DType.Float32, Config.Place))),
        Structure.Sequence sequence => Layers.Operand.Of(Graph.Stack([.. sequence.Items.Select(i => ToOperand(i).AsTensor(Graph))], 0)),
        _ => throw Call.Fail("an argument that is neither tensor nor number", "a tensor or a number"),
    };
}
