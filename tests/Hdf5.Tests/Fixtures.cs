using Newtonsoft.Json.Linq;

namespace KerasCompat.Hdf5.Tests;

/// <summary>The folders of fixtures and the lines of their <c>cases.jsonl</c>.</summary>
internal static class Fixtures
{
    private static readonly string Root = Find();

    public static string PathOf(string suite, string file) => Path.Combine(Root, "tests", "fixtures", suite, file);

    public static IReadOnlyDictionary<string, JObject> Cases(string suite) =>
        File.ReadLines(PathOf(suite, "cases.jsonl")).Select(JObject.Parse).ToDictionary(row => (string)row["name"]!);

    public static TheoryData<string> Names(string suite)
    {
        var names = new TheoryData<string>();
        foreach (var name in Cases(suite).Keys)
        {
            names.Add(name);
        }

        return names;
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "KerasCompat.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("No folder above the tests holds KerasCompat.sln.");
    }
}
