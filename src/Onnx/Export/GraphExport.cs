using KerasCompat.Onnx.Building;
using KerasCompat.Onnx.Lowering;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>
/// Writes the nodes of a graph. Each value is at hand in one order of its axes or in several: a convolution leaves its result with the
/// channels first, what follows element by element takes it so, and a Transpose is written only where another order is asked for.
/// </summary>
internal sealed class GraphExport
{
    private readonly Dictionary<Value, List<Form>> _forms = [];
    private readonly Dictionary<Value, Value> _same = [];
    private readonly Dictionary<Value, Form> _turned = [];
    private readonly Dictionary<string, (Value Value, int Axis)> _symbols = new(StringComparer.Ordinal);
    private readonly HashSet<Node> _done = [];
    private readonly StoredValues _stored;
    private readonly OnnxExportOptions _options;
    private readonly SizeNodes _sizes;
    private readonly Dictionary<string, Dim> _fixed;
    private readonly Dictionary<(Value, string), string> _initializers;

    public GraphExport(OnnxExportOptions options, int opset)
        : this(new OnnxGraphBuilder(opset), options, new StoredValues(), [], [])
    {
    }

    private GraphExport(OnnxGraphBuilder onnx, OnnxExportOptions options, StoredValues stored, Dictionary<(Value, string), string> initializers, List<Problem> problems)
    {
        Onnx = onnx;
        _options = options;
        _stored = stored;
        _initializers = initializers;
        Problems = problems;
        _fixed = options.FixedSizes.ToDictionary(s => s.Key, s => Dim.Constant(s.Value));
        _sizes = new SizeNodes(onnx, SizeOfSymbol);
    }

    /// <summary>Takes the nodes.</summary>
    public OnnxGraphBuilder Onnx { get; }

    /// <summary>What could not be written.</summary>
    public List<Problem> Problems { get; }

    /// <summary>Where nodes are added that are to be written in a node's place.</summary>
    public GraphBuilder Builder { get; } = new();

    /// <summary>An exporter for the body of a node; what it reads from outside it finds here.</summary>
    public GraphExport Body() => new(Onnx.Body(), _options, _stored, _initializers, Problems);

    /// <summary>Says under which name a value is at hand.</summary>
    /// <param name="value">The value.</param>
    /// <param name="name">The name.</param>
    /// <param name="order">The order of its axes there; its own unless told.</param>
    public void Define(Value value, string name, IReadOnlyList<int>? order = null)
    {
        _forms.TryAdd(value, []);
        _forms[value].Add(new Form(name, [.. order ?? AxisOrder.Own(value.Rank)]));
        for (int axis = 0; axis < value.Rank; axis++)
        {
            if (value.Shape[axis].SymbolName is { } symbol)
            {
                _symbols.TryAdd(symbol, (value, axis));
            }
        }
    }

    /// <summary>Says that a value is the same as another.</summary>
    public void DefineAs(Value value, Value other)
    {
        if (value != other)
        {
            _same[value] = other;
        }
    }

    /// <summary>The elements of a value that no call changes.</summary>
    public Tensor? Stored(Value value) => _stored.TryGet(Resolve(value));

    /// <summary>The order in which a value was computed; its own where it is stored.</summary>
    public int[] OrderOf(Value value)
    {
        value = Resolve(value);
        return Stored(value) is null && Forms(value) is [var first, ..] ? first.Order : AxisOrder.Own(value.Rank);
    }

    /// <summary>True where a value is at hand in an order, or can be had so at no cost.</summary>
    public bool Has(Value value, IReadOnlyList<int> order)
    {
        value = Resolve(value);
        return Stored(value) is not null || Forms(value).Any(f => f.Order.SequenceEqual(order));
    }

    /// <summary>The name of a value with its axes in their own order.</summary>
    public string Name(Value value) => Name(value, AxisOrder.Own(value.Rank));

    /// <summary>The name of a value with its axes in some order.</summary>
    public string Name(Value value, IReadOnlyList<int> order)
    {
        value = Resolve(value);
        if (Stored(value) is { } stored)
        {
            return StoredName(value, stored, order);
        }

        List<Form> forms = Forms(value);
        if (forms.FirstOrDefault(f => f.Order.SequenceEqual(order)) is not { } form)
        {
            form = new Form(Onnx.Transpose(forms[0].Name, AxisOrder.Between(forms[0].Order, order)), [.. order]);
            forms.Add(form);
        }

        return form.Name;
    }

    /// <summary>Sizes as a vector of int64.</summary>
    public string Sizes(SymbolicShape shape) => _sizes.Of(Known(shape));

    /// <summary>A size as a vector of one int64.</summary>
    public string Size(Dim dim) => _sizes.Of(dim.Substitute(_fixed));

    /// <summary>A shape with the sizes that the caller has fixed.</summary>
    public SymbolicShape Known(SymbolicShape shape) => _fixed.Count == 0 ? shape : new SymbolicShape(shape.Select(d => d.Substitute(_fixed)));

    /// <summary>Writes the nodes of a graph.</summary>
    public void Write(IEnumerable<Node> nodes)
    {
        foreach (Node node in nodes)
        {
            Write(node);
        }
    }

    /// <summary>Writes the nodes that a value needs and that are not there yet.</summary>
    public void Write(Value value)
    {
        if (value.Producer is { } node && !_done.Contains(node) && Stored(value) is null)
        {
            foreach (Value input in node.Inputs.OfType<Value>())
            {
                Write(input);
            }

            Write(node);
        }
    }

    private void Write(Node node)
    {
        if (!_done.Add(node) || node.Outputs.All(o => _stored.TryGet(o) is not null))
        {
            return;
        }

        _options.CancellationToken.ThrowIfCancellationRequested();
        string outer = Onnx.Scope;
        Onnx.Scope = ScopeOf(node);
        if (Opsets.NeededFor(node.Op) is var needed && needed > Onnx.Opset)
        {
            Refuse(node, $"operator {node.Op.Name} in opset {Onnx.Opset}", $"opset {needed}", $"choose opset {needed}, or let the exporter choose it");
        }
        else if (Decompositions.TryReplace(this, node) is { } values)
        {
            for (int i = 0; i < values.Count; i++)
            {
                Write(values[i]);
                DefineAs(node.Outputs[i], values[i]);
            }
        }
        else if (OnnxTable.TryGet(node.Op, out Action<NodeExport>? write))
        {
            write(new NodeExport(this, node));
        }
        else
        {
            Refuse(node, $"operator {node.Op.Name}", "an operator that ONNX can say", TextOperators.Has(node) ? TextOperators.Remedy : null);
        }

        Onnx.Scope = outer;
    }

    /// <summary>The layer a node belongs to, without the model's own name around it.</summary>
    private string ScopeOf(Node node) => node.Scope.StartsWith($"{_options.Name}/", StringComparison.Ordinal) ? node.Scope[(_options.Name.Length + 1)..] : node.Scope;

    /// <summary>Notes that a node cannot be written, and goes on to find what else cannot.</summary>
    public void Refuse(Node node, string found, string expected, string? remedy = null)
    {
        Problems.Add(new Problem(node.Scope.Length == 0 ? "graph" : $"layer \"{node.Scope}\"", found, expected, remedy));
        foreach (Value output in node.Outputs.Where(o => !_forms.ContainsKey(o)))
        {
            Define(output, string.Empty);
        }
    }

    /// <summary>Says that a value is at hand with the order along its second axis turned round, too.</summary>
    public void TurnedRound(Value value, string name, IReadOnlyList<int> order) => _turned[value] = new Form(name, [.. order]);

    /// <summary>Finds a value with the order along its second axis turned round, where it is at hand.</summary>
    public (string Name, int[] Order)? FindTurned(Value value) => _turned.TryGetValue(Resolve(value), out Form? form) ? (form.Name, form.Order) : null;

    /// <summary>Follows a name that was changed.</summary>
    public void Renamed(string from, string to)
    {
        foreach (List<Form> forms in _forms.Values)
        {
            for (int i = 0; i < forms.Count; i++)
            {
                forms[i] = forms[i].Name == from ? forms[i] with { Name = to } : forms[i];
            }
        }
    }

    private Value Resolve(Value value)
    {
        while (_same.TryGetValue(value, out Value? other))
        {
            value = other;
        }

        return value;
    }

    private List<Form> Forms(Value value) => _forms.TryGetValue(value, out List<Form>? forms)
        ? forms
        : throw new InvalidOperationException($"{value} is read before it is written.");

    private string SizeOfSymbol(string symbol)
    {
        (Value value, int axis) = _symbols[symbol];
        Form form = Forms(Resolve(value))[0];
        return Onnx.SizeOf(form.Name, Array.IndexOf(form.Order, axis));
    }

    private string StoredName(Value value, Tensor stored, IReadOnlyList<int> order)
    {
        (Value, string) key = (value, string.Join(',', order));
        if (_initializers.TryGetValue(key, out string? known))
        {
            return Narrows(value, stored) ? Onnx.Cast(known, DType.Float32) : known;
        }

        Tensor arranged = AxisOrder.IsOwn(order) ? stored : Arrangement.Transpose(stored, order);
        string? weight = StoredValues.NameOf(value);
        bool narrows = Narrows(value, stored);
        string name = weight is null || value.Constant is not null ? Onnx.Constant(arranged) : Onnx.Initializer(weight, narrows ? arranged.Cast(DType.Float16) : arranged);
        _initializers.Add(key, name);
        return narrows ? Onnx.Cast(name, DType.Float32) : name;
    }

    /// <summary>Whether a weight is stored as float16, and widened where it is read: each body of a loop widens it for itself.</summary>
    private bool Narrows(Value value, Tensor stored) => _options.WeightType == DType.Float16 && stored.DType == DType.Float32 && value.Constant is null;

    /// <summary>A name of a value, and the order of the axes there.</summary>
    private sealed record Form(string Name, int[] Order);
}
