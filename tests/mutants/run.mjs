// See run. The copy and its build stay in build/mutants, so that a second run compiles little.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MUTANTS } from './table.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const COPY = join(ROOT, 'build', 'mutants');
const BUILD = join(COPY, 'build', 'dev');
const TEST_MS = 600_000;
const CHAOS_MS = 2_400_000;
const CHAOS_TARGETS = ['ioc-collector', 'ioc-probe', 'ioc-fleet', 'outbox_truth', 'machine_clock'];

// A test of CTest and the targets that it needs.
const SPECIAL = {
    'powerloss.sample': ['powerloss'],
    'powerloss.full': ['powerloss'],
    'e2e.sink_order': ['sink_driver'],
};
const targets_of = (test) => SPECIAL[test] ?? [test.replaceAll('.', '_')];

function must(command, args, what) {
    const r = spawnSync(command, args, { cwd: COPY, encoding: 'utf8', maxBuffer: 1 << 28 });
    if (r.status !== 0) throw new Error(`${what}:\n${r.stdout}${r.stderr}`.slice(-4000));
}

// The files that git knows or would take, as they are now; files that are the same keep their time.
function copy_tree() {
    const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: ROOT, maxBuffer: 1 << 28 });
    mkdirSync(COPY, { recursive: true });
    for (const file of listed.toString().split('\0').filter(Boolean)) copy_file(file);
}

function copy_file(file) {
    const [from, to] = [join(ROOT, file), join(COPY, file)];
    if (read(from).equals(read(to))) return;
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
}

function read(path) {
    try {
        return readFileSync(path);
    } catch (error) {
        if (error.code !== 'ENOENT') throw error;
        return Buffer.alloc(0);
    }
}

// The mutants whose place is not there exactly once: each is told, with how often it is.
function stale(mutants) {
    return mutants.filter((mutant) => {
        const times = read(join(ROOT, mutant.file)).toString().split(mutant.from).length - 1;
        if (times !== 1) console.log(`STALE     ${mutant.name.padEnd(28)} its place stands ${times} times in ${mutant.file}: mend the row`);
        return times !== 1;
    });
}

function build(targets) {
    must('cmake', ['--build', BUILD, '-j', String(availableParallelism()), '--target', ...new Set(targets)], 'does not build');
}

// True if the test passes.
function passes(test) {
    const pattern = `^${test.replaceAll('.', '\\.')}$`;
    const args = ['--test-dir', BUILD, '--no-tests=error', '-R', pattern];
    return spawnSync('ctest', args, { cwd: COPY, timeout: TEST_MS }).status === 0;
}

// The name of the test that notices, or null.
const try_tests = (mutant) => {
    build(mutant.tests.flatMap(targets_of));
    return mutant.tests.find((test) => !passes(test)) ?? null;
};

// What a chaos run said first was wrong, or null. Killed when it takes too long, which counts as not noticed.
const try_chaos = (mutant) => {
    build(CHAOS_TARGETS);
    const args = ['--minutes', '2', '--seed', '1', '--only', mutant.chaos.only];
    const env = { ...process.env, IOC_BIN: join(BUILD, 'bin'), IOC_TMP: join(COPY, 'build', 'chaos') };
    const r = spawnSync(join(ROOT, 'tests', 'chaos', 'run'), args, { encoding: 'utf8', env, timeout: CHAOS_MS, killSignal: 'SIGKILL', maxBuffer: 1 << 28 });
    return /WRONG  (.*)/.exec(r.stdout)?.[1].slice(0, 160) ?? null;
};

// What `attempt` finds once the mutant is in the copy.
function try_mutant(mutant, attempt) {
    const path = join(COPY, mutant.file);
    const sound = readFileSync(path, 'utf8');
    writeFileSync(path, sound.replace(mutant.from, () => mutant.to));
    try {
        return attempt(mutant);
    } finally {
        writeFileSync(path, sound);
    }
}

function check_baseline(mutants) {
    const tests = [...new Set(mutants.flatMap((m) => m.tests))];
    build(tests.flatMap(targets_of));
    const failing = tests.filter((test) => !passes(test));
    if (failing.length) throw new Error(`fail without any mutant: ${failing.join(' ')}`);
}

function run(mutants, attempt) {
    let survivors = 0;
    for (const mutant of mutants) {
        const caught = try_mutant(mutant, attempt);
        survivors += caught === null;
        console.log(`${caught === null ? 'SURVIVES' : 'caught  '}  ${mutant.name.padEnd(28)} ${caught ?? mutant.tests.join(' ')}  (${mutant.what})`);
    }
    console.log(`mutants: ${mutants.length}, caught: ${mutants.length - survivors}`);
    return survivors;
}

function main(args) {
    const names = args.filter((arg) => !arg.startsWith('--'));
    const chaos = args.includes('--chaos');
    const unknown = names.filter((name) => !MUTANTS.some((m) => m.name === name));
    if (unknown.length) throw new Error(`no such mutant: ${unknown.join(' ')}`);
    const wanted = MUTANTS.filter((m) => (names.length === 0 || names.includes(m.name)) && (!chaos || m.chaos));
    const gone = stale(wanted);
    if (args.includes('--check')) return gone.length;
    const mutants = wanted.filter((m) => !gone.includes(m));
    copy_tree();
    rmSync(join(BUILD, 'Testing'), { recursive: true, force: true });
    must('cmake', ['--preset', 'dev', '-DIOC_WERROR=OFF'], 'does not configure');
    if (!chaos) check_baseline(mutants);
    return run(mutants, chaos ? try_chaos : try_tests) + gone.length;
}

process.exitCode = main(process.argv.slice(2)) === 0 ? 0 : 1;
