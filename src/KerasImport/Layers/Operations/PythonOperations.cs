namespace KerasCompat.Layers;

/// <summary>Operations that call Python functions or draw random numbers: what they compute is not in the file.</summary>
internal static class PythonOperations
{
    private static readonly string[] CallFunctions = ["AssociativeScan", "Cond", "ForiLoop", "JVP", "Map", "Scan", "Switch", "VectorizedMap", "WhileLoop"];

    private static readonly string[] DrawNumbers = ["ElasticTransform"];

    public static OperationSet Table { get; } = Refusals();

    /// <summary>Fails for such an operation, before anything is called.</summary>
    /// <exception cref="UnsupportedModelException">It is one.</exception>
    public static void Check(LayerConfig config)
    {
        if (Table.ContainsKey(config.ClassName))
        {
            throw Refusal(config);
        }
    }

    private static OperationSet Refusals()
    {
        var set = new OperationSet();
        foreach (string name in CallFunctions.Concat(DrawNumbers))
        {
            set[name] = c => throw Refusal(c.Config);
        }

        return set;
    }

    private static UnsupportedModelException Refusal(LayerConfig config)
    {
        string name = config.ClassName;
        (string found, string expected, string remedy) = CallFunctions.Contains(name)
            ? ($"operation {name}, which calls a Python function", "operations that the file describes whole", "functions in a file are never run: rebuild that part with operations or layers")
            : ($"operation {name}, which draws random numbers", "operations that give the same numbers each time", "save the model without it: it serves training");
        return new UnsupportedModelException([new Problem(config.Place, found, expected, remedy, KerasVersions.Of(name))]);
    }
}
