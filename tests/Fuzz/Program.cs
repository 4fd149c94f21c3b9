// Reads changed files for as long as you like; every round can be seen again by its number.
//     dotnet run -c Release --project tests/Fuzz -- --minutes 120 [--only HDF5] [--from 0]
//     dotnet run -c Release --project tests/Fuzz -- --only HDF5 --round 4711 [--save file]
using System.Diagnostics;
using KerasCompat.Fuzz;

var options = new Dictionary<string, string>(StringComparer.Ordinal);
for (int i = 0; i + 1 < args.Length; i += 2)
{
    options[args[i].TrimStart('-')] = args[i + 1];
}

Target[] targets = [.. Targets.All.Where(t => !options.TryGetValue("only", out string? only) || t.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
if (options.TryGetValue("round", out string? number))
{
    Target target = targets.Single();
    byte[] file = Tally.File(target, int.Parse(number));
    if (options.TryGetValue("save", out string? path))
    {
        File.WriteAllBytes(path, file);
    }

    Console.WriteLine(Round.Of(target, file, target.Seeds[int.Parse(number) % target.Seeds.Count].Name));
    return 0;
}

const int RoundsOfATurn = 200;
var end = TimeSpan.FromMinutes(double.Parse(options.GetValueOrDefault("minutes", "1")));
int from = int.Parse(options.GetValueOrDefault("from", "0"));
Tally[] tallies = [.. targets.Select(t => new Tally(t))];
var clock = Stopwatch.StartNew();

// If the process dies (a stack overflow cannot be caught) this file says in which round.
using var last = new StreamWriter(Path.Combine(Path.GetTempPath(), "kerascompat-fuzz-last-round")) { AutoFlush = true };
while (clock.Elapsed < end)
{
    foreach (Tally tally in tallies)
    {
        int faults = tally.Faults.Count;
        tally.Run(Enumerable.Range(from, RoundsOfATurn), name =>
        {
            last.BaseStream.Position = 0;
            last.WriteLine(name.PadRight(200));
        });
        foreach (string fault in tally.Faults.Skip(faults))
        {
            Console.WriteLine(fault);
        }

        if (clock.Elapsed >= end)
        {
            break;
        }
    }

    from += RoundsOfATurn;
}

Console.WriteLine($"{clock.Elapsed:hh\\:mm\\:ss}, {tallies.Sum(t => t.Files)} files");
Console.WriteLine(Tally.Head);
foreach (Tally tally in tallies)
{
    Console.WriteLine(tally);
}

return tallies.Any(t => t.Faults.Count > 0) ? 1 : 0;
