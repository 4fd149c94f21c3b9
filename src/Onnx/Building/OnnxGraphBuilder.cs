using System.Globalization;
using KerasCompat.Onnx.Model;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Building;

/// <summary>
/// Collects nodes and initializers of a graph. What an operator set writes differently from another is decided in
/// <c>OnnxGraphBuilder.Opsets.cs</c> and nowhere else.
/// </summary>
internal sealed partial class OnnxGraphBuilder
{
    /// <summary>Constants up to this many bytes are compared by content.</summary>
    private const int LargestCompared = 1 << 14;

    private readonly NameTable _names;
    private readonly OnnxGraphBuilder? _outer;
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _initializers = [];
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Source, string Permutation), string> _shared = [];

    public OnnxGraphBuilder(int opset)
    {
        Opset = opset;
        _names = new NameTable();
    }

    private OnnxGraphBuilder(OnnxGraphBuilder outer)
    {
        Opset = outer.Opset;
        _names = outer._names;
        _outer = outer;
        Scope = outer.Scope;
    }

    /// <summary>The operator set.</summary>
    public int Opset { get; }

    /// <summary>The layer whose nodes are being added; their names begin with it.</summary>
    public string Scope { get; set; } = string.Empty;

    /// <summary>The nodes so far.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>The initializers so far.</summary>
    public IReadOnlyList<OnnxTensor> Initializers => _initializers;

    /// <summary>A builder for the body of a node: names are its own, constants stand in the outermost graph.</summary>
    public OnnxGraphBuilder Body() => new(this);

    /// <summary>A name that nothing else has.</summary>
    public string Name(string wanted) => _names.Take(wanted);

    /// <summary>Adds a node of one output.</summary>
    public string Add(string op, params ReadOnlySpan<string?> inputs) => Add(op, inputs, []);

    /// <summary>Adds a node of one output with attributes.</summary>
    public string Add(string op, ReadOnlySpan<string?> inputs, params (string Name, object Value)[] attributes) => AddAll(op, 1, inputs, attributes)[0];

    /// <summary>Adds a node.</summary>
    /// <param name="op">ONNX's name of the operator; one of another domain carries it: <c>ai.onnx.ml:LabelEncoder</c>.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="inputs">Names of the inputs; null where one is absent.</param>
    /// <param name="attributes">Attributes: int, long, double, bool, string, their lists, a tensor or a graph.</param>
    public string[] AddAll(string op, int outputs, ReadOnlySpan<string?> inputs, params (string Name, object Value)[] attributes)
    {
        int colon = op.IndexOf(':', StringComparison.Ordinal);
        string type = op[(colon + 1)..];
        string name = _names.Take(Scope.Length == 0 ? type : $"{Scope}/{type}");
        string[] names = [.. inputs.ToArray().Select(i => i ?? string.Empty)];
        int used = Array.FindLastIndex(names, n => n.Length > 0) + 1;
        var node = new OnnxNode
        {
            Operator = type,
            Domain = colon < 0 ? string.Empty : op[..colon],
            Name = name,
            Inputs = names[..used],
            Outputs = [.. Enumerable.Range(0, outputs).Select(i => _names.Take($"{name}:{i}"))],
            Attributes = [.. attributes.Select(a => new OnnxAttribute(a.Name, Normal(a.Value)))],
        };
        _nodes.Add(node);
        return node.Outputs;
    }

    /// <summary>Adds a named initializer.</summary>
    public string Initializer(string name, Tensor value)
    {
        if (_outer is not null)
        {
            return _outer.Initializer(name, value);
        }

        string taken = _names.Take(name);
        _initializers.Add(new OnnxTensor(taken, value));
        return taken;
    }

    /// <summary>A constant; equal ones, unless they are large, are one initializer.</summary>
    public string Constant(Tensor value)
    {
        if (_outer is not null)
        {
            return _outer.Constant(value);
        }

        if (value.DType != DType.String && value.Bytes.Length > LargestCompared)
        {
            return Initializer($"const_{value.DType.Name()}", value);
        }

        string content = value is Tensor<string> texts ? string.Join('\0', texts.ToArray()) : Convert.ToHexString(value.Bytes);
        string key = $"{value.DType} {value.Shape} {content}";
        if (!_constants.TryGetValue(key, out string? name))
        {
            string numbers = value.Length is > 0 and <= 6 && value.DType != DType.String
                ? string.Join('_', value.Cast(DType.Float64).As<double>().ToArray().Select(v => v.ToString("R", CultureInfo.InvariantCulture)))
                : $"{value.DType.Name()}";
            name = Initializer($"const_{numbers}", value);
            _constants.Add(key, name);
        }

        return name;
    }

    /// <summary>A constant vector of int64.</summary>
    public string Vector(params IEnumerable<long> values)
    {
        long[] all = [.. values];
        return Constant(Tensor.From(all, all.Length));
    }

    /// <summary>A constant scalar of int64.</summary>
    public string Index(long value) => Constant(Tensor.Scalar(value));

    /// <summary>A constant scalar of a numeric type or bool.</summary>
    public string Scalar(double value, DType type) => Constant(Tensor.Scalar(value).Cast(type));

    /// <summary>The axes in another order; the value itself where the order is as it was.</summary>
    public string Transpose(string x, IReadOnlyList<int> perm) =>
        perm.SequenceEqual(Enumerable.Range(0, perm.Count)) ? x : Once(x, $"T{string.Join(',', perm)}", () => Add("Transpose", [x], ("perm", perm)));

    /// <summary>Elements converted to another type.</summary>
    public string Cast(string x, DType to) => Once(x, $"C{to}", () => Add("Cast", [x], ("to", OnnxElementType.Of(to))));

    /// <summary>Gives a node's output another name, which must be free.</summary>
    public void Rename(string from, string to)
    {
        foreach (OnnxNode node in _nodes)
        {
            Replace(node.Inputs);
            Replace(node.Outputs);
            foreach (OnnxGraph body in node.Attributes.Select(a => a.Value).OfType<OnnxGraph>())
            {
                Rename(body);
            }
        }

        void Replace(string[] names)
        {
            for (int i = 0; i < names.Length; i++)
            {
                names[i] = names[i] == from ? to : names[i];
            }
        }

        void Rename(OnnxGraph body)
        {
            foreach (OnnxNode node in body.Nodes)
            {
                Replace(node.Inputs);
                foreach (OnnxGraph inner in node.Attributes.Select(a => a.Value).OfType<OnnxGraph>())
                {
                    Rename(inner);
                }
            }
        }
    }

    /// <summary>What was made of a value before is not made again.</summary>
    internal string Once(string x, string what, Func<string> make)
    {
        if (!_shared.TryGetValue((x, what), out string? name))
        {
            name = make();
            _shared.Add((x, what), name);
        }

        return name;
    }

    private static object Normal(object value) => value switch
    {
        int integer => (long)integer,
        bool flag => flag ? 1L : 0L,
        float number => (double)number,
        IEnumerable<int> integers => integers.Select(i => (long)i).ToArray(),
        IEnumerable<long> integers => integers.ToArray(),
        IEnumerable<double> numbers => numbers.ToArray(),
        IEnumerable<string> texts => texts.ToArray(),
        _ => value,
    };
}
