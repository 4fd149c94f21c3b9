using KerasCompat.Runtime;
using static KerasCompat.Testing.TensorFlowBytes;

namespace KerasCompat.Containers.Tests;

/// <summary>Writes SavedModel folders: objects, what Keras says of them, and a checkpoint, each as TensorFlow's protos and LevelDB's tables have them.</summary>
internal sealed class SavedModelBuilder
{
    private readonly List<Item> _items = [];

    public string? TensorFlowVersion { get; init; } = "2.9.1";

    /// <summary>Whether the objects say themselves what Keras says of them, as up to TensorFlow 2.4.</summary>
    public bool IsBefore25 { get; init; }

    /// <summary>Files over which the tensors are dealt.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Entries of a block of the table.</summary>
    public int EntriesOfBlock { get; init; } = 1000;

    /// <summary>Whether blocks are packed by Snappy (as literals only).</summary>
    public bool IsPacked { get; init; }

    /// <summary>Changes an entry of the table before it is written.</summary>
    public Func<string, byte[], byte[]> Entry { get; init; } = (_, entry) => entry;

    /// <summary>An object that is neither a layer nor a variable.</summary>
    public int Add(string identifier = "_generic_user_object") => Add(new Item { Identifier = identifier });

    /// <summary>A layer, or a model.</summary>
    public int Layer(string json, string identifier = "_tf_keras_layer") => Add(new Item { Identifier = identifier, Metadata = json });

    /// <summary>A variable with its value.</summary>
    public int Variable(string name, Tensor value, bool trainable = true) => Add(new Item { Variable = name, Value = value, IsTrainable = trainable });

    /// <summary>A function that takes objects beside its arguments.</summary>
    public int Function(string name, params int[] captured) => Add(new Item { Function = name, Captured = captured });

    /// <summary>A constant of the graph: a vector, as the fields of a tensor's values.</summary>
    public int Constant(string name, int type, int count, byte[] values) => Add(new Item { Constant = name, Tensor = [.. Number(1, type), .. Bytes(2, Bytes(2, Number(1, count))), .. values] });

    /// <summary>Has one object hold another.</summary>
    public SavedModelBuilder Hold(int owner, string name, int node)
    {
        _items[owner].Children.Add((name, node));
        return this;
    }

    /// <summary>Gives a layer the lists of variables that Keras saves with it.</summary>
    public SavedModelBuilder List(int layer, int[] trainable, int[] others)
    {
        int api = Add();
        Hold(layer, "keras_api", api);
        foreach ((string name, int[] variables) in new[] { ("trainable_variables", trainable), ("non_trainable_variables", others) })
        {
            int list = Add("trackable_list_wrapper");
            Hold(api, name, list);
            for (int i = 0; i < variables.Length; i++)
            {
                Hold(list, $"{i}", variables[i]);
            }
        }

        return this;
    }

    /// <summary>Writes the folder.</summary>
    /// <param name="folder">Where; it need not be there.</param>
    /// <returns>The same.</returns>
    public string Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "variables"));
        File.WriteAllBytes(Path.Combine(folder, "saved_model.pb"), SavedModel());
        if (!IsBefore25)
        {
            File.WriteAllBytes(Path.Combine(folder, "keras_metadata.pb"), Metadata());
        }

        (byte[] index, byte[][] shards) = Checkpoint();
        File.WriteAllBytes(Path.Combine(folder, "variables", "variables.index"), index);
        for (int i = 0; i < shards.Length; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, "variables", $"variables.data-{i:D5}-of-{shards.Length:D5}"), shards[i]);
        }

        return folder;
    }

    private int Add(Item item)
    {
        _items.Add(item);
        return _items.Count - 1;
    }

    private byte[] SavedModel()
    {
        byte[] objects = [.. _items.SelectMany(item => Bytes(1, [.. item.Children.SelectMany(c => Bytes(1, Reference(c))), .. Kind(item)]))];
        byte[] functions = [.. _items.Where(item => item.Function is not null).SelectMany(item => Bytes(2, [.. Utf8(1, item.Function!), .. Bytes(2, Bytes(2, [.. item.Captured.SelectMany(node => Varint((ulong)node))]))]))];
        byte[] graph = [.. _items.Where(item => item.Constant is not null).SelectMany(item => Bytes(1,
            [.. Utf8(1, item.Constant!), .. Utf8(2, "Const"), .. Bytes(5, [.. Utf8(1, "dtype"), .. Bytes(2, [])]), .. Bytes(5, [.. Utf8(1, "value"), .. Bytes(2, Bytes(8, item.Tensor))])]))];
        byte[] info = TensorFlowVersion is null ? [] : Utf8(5, TensorFlowVersion);
        return [.. Number(1, 1), .. Bytes(2, [.. Bytes(1, info), .. Bytes(2, graph), .. Bytes(7, [.. objects, .. functions])])];
    }

    private byte[] Kind(Item item) => item.Value is { } value
        ? Bytes(7, [.. Number(1, TypeOf(value.DType)), .. Bytes(2, ShapeOf(value)), .. Number(3, item.IsTrainable ? 1 : 0), .. Utf8(6, item.Variable!)])
        : item.Function is { } function ? Bytes(6, Utf8(1, function))
        : item.Constant is { } constant ? Bytes(9, Utf8(1, constant))
        : Bytes(4, [.. Utf8(1, item.Identifier!), .. IsBefore25 && item.Metadata is not null ? Utf8(3, item.Metadata) : []]);

    private static byte[] Reference((string Name, int Node) child) => [.. Number(1, child.Node), .. Utf8(2, child.Name)];

    private byte[] Metadata() => [.. _items.SelectMany((item, i) => item.Metadata is null
        ? []
        : Bytes(1, [.. Number(2, i), .. Utf8(3, $"object-{i}"), .. Utf8(4, item.Identifier!), .. Utf8(5, item.Metadata)]))];

    private (byte[] Index, byte[][] Shards) Checkpoint()
    {
        byte[] graph = [.. _items.SelectMany((item, i) => Bytes(1,
        [
            .. item.Children.SelectMany(c => Bytes(1, Reference(c))),
            .. item.Value is null ? [] : Bytes(2, [.. Utf8(1, "VARIABLE_VALUE"), .. Utf8(2, item.Variable!), .. Utf8(3, Key(i))]),
        ]))];
        var shards = new List<byte>[Shards];
        for (int i = 0; i < Shards; i++)
        {
            shards[i] = [];
        }

        var entries = new List<(string Key, byte[] Entry)> { (string.Empty, [.. Number(1, Shards), .. Bytes(3, Number(1, 1))]) };
        byte[] lengths = Varint((ulong)graph.Length);
        byte[] length = BitConverter.GetBytes(Checksum(BitConverter.GetBytes(graph.Length)));
        byte[] text = [.. lengths, .. length, .. graph];
        entries.Add(("_CHECKPOINTABLE_OBJECT_GRAPH", Place(text, 7, [], Checksum([.. BitConverter.GetBytes(graph.Length), .. length, .. graph]))));
        for (int i = 0; i < _items.Count; i++)
        {
            if (_items[i].Value is { } value)
            {
                byte[] bytes = value.DType == DType.String ? [.. Enumerable.Repeat((byte)0, value.Length), 1, 2, 3, 4] : value.Bytes.ToArray();
                entries.Add((Key(i), Place(bytes, TypeOf(value.DType), ShapeOf(value), Checksum(bytes))));
            }
        }

        return (Table([.. entries.Select(e => (e.Key, Entry(e.Key, e.Entry)))], EntriesOfBlock, IsPacked), [.. shards.Select(s => s.ToArray())]);

        byte[] Place(byte[] bytes, int type, byte[] shape, uint checksum)
        {
            int shard = entries.Count % Shards;
            byte[] entry = [.. Number(1, type), .. Bytes(2, shape), .. Number(3, shard), .. Number(4, shards[shard].Count), .. Number(5, bytes.Length), (6 << 3) | 5, .. BitConverter.GetBytes(checksum)];
            shards[shard].AddRange(bytes);
            return entry;
        }
    }

    private static string Key(int node) => $"object-{node}/.ATTRIBUTES/VARIABLE_VALUE";

    private static byte[] ShapeOf(Tensor value) => [.. value.Shape.SelectMany(size => Bytes(2, Number(1, size)))];

    private static int TypeOf(DType type) => type switch
    {
        DType.Float32 => 1,
        DType.Float64 => 2,
        DType.Int32 => 3,
        DType.String => 7,
        DType.Int64 => 9,
        DType.Bool => 10,
        DType.BFloat16 => 14,
        DType.Float16 => 19,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    private sealed class Item
    {
        public List<(string Name, int Node)> Children { get; } = [];

        public string? Identifier { get; init; }

        public string? Metadata { get; init; }

        public string? Variable { get; init; }

        public Tensor? Value { get; init; }

        public bool IsTrainable { get; init; }

        public string? Function { get; init; }

        public int[] Captured { get; init; } = [];

        public string? Constant { get; init; }

        public byte[] Tensor { get; init; } = [];
    }
}
