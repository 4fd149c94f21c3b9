using KerasCompat.Containers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Output;

/// <summary>What a file is, for people and for programs.</summary>
internal static class ContainerReport
{
    public static JObject Json(KerasFile file, bool arrays)
    {
        var json = new JObject
        {
            ["file"] = file.Name,
            ["container"] = file.Kind.ToString(),
            ["kerasVersion"] = file.KerasVersion,
            ["backend"] = file.Backend,
            ["tensorFlowVersion"] = file.Metadata.GetValueOrDefault(SavedModelContainer.TensorFlowVersion),
            ["architecture"] = file.Config is not null,
            ["class"] = (string?)file.Config?["class_name"],
            ["compiled"] = file.TrainingConfig is not null,
            ["arrays"] = file.Weights?.Arrays.Count() ?? 0,
            ["assets"] = new JArray(file.Assets.Keys),
        };
        if (arrays && file.Weights is not null)
        {
            json["arrays"] = new JArray(file.Weights.Arrays.Select(a => new JObject { ["path"] = a.Path, ["dtype"] = a.DType.Name(), ["shape"] = new JArray(a.Shape) }));
        }

        return json;
    }

    public static void Print(JObject report, KerasModel? model)
    {
        Console.WriteLine($"{report["file"]}: {report["container"]}, written by Keras {(string?)report["kerasVersion"] ?? "of unknown version"}{((string?)report["backend"] is { } backend ? $" on {backend}" : string.Empty)}{((string?)report["tensorFlowVersion"] is { } version ? $" {version}" : string.Empty)}");
        if (report["arrays"] is JArray arrays)
        {
            foreach (JToken array in arrays)
            {
                Console.WriteLine($"  {array["path"]}: {array["dtype"]} ({string.Join(", ", array["shape"]!)})");
            }
        }

        if (model is not null)
        {
            Console.WriteLine(model.Summary());
            Console.WriteLine($"Inputs: {string.Join("; ", report["inputs"]!)}");
            Console.WriteLine($"Outputs: {string.Join("; ", report["outputs"]!)}");
        }

        var problems = (JArray)report["problems"]!;
        Console.WriteLine(problems.Count switch
        {
            0 when !(bool)report["architecture"]! => $"Weights alone, without architecture: name its JSON first and these with --weights {report["file"]}.",
            0 => "Nothing stands in the way.",
            1 => "One problem stands in the way:",
            int count => $"{count} problems stand in the way:",
        });
        foreach (JToken problem in problems)
        {
            Console.WriteLine($"  {new Problem((string)problem["place"]!, (string)problem["found"]!, (string?)problem["expected"], (string?)problem["remedy"], (string?)problem["since"])}");
        }
    }
}
